"""The credit policy (信用政策): the only ground on which credit is given, as data that somebody signed."""

from xinheng.rules.policy.codes import (
    COMPONENTS,
    Acceptor,
    CheckPoint,
    Effect,
    HoldKind,
    Instrument,
    ItemNature,
    Matching,
    NoticeKind,
    Payment,
    ReasonCode,
    ReleaseAction,
    Scope,
)
from xinheng.rules.policy.document import Change, Policy, PolicyError, diff, dump, load, problems, sections
from xinheng.rules.policy.kinds import Problem, ProblemCode
from xinheng.rules.policy.rights import EVERYTHING, RIGHTS, Role
from xinheng.rules.policy.shipped import SHIPPED, shipped

__all__ = [
    "COMPONENTS",
    "EVERYTHING",
    "RIGHTS",
    "SHIPPED",
    "Acceptor",
    "Change",
    "CheckPoint",
    "Effect",
    "HoldKind",
    "Instrument",
    "ItemNature",
    "Matching",
    "NoticeKind",
    "Payment",
    "Policy",
    "PolicyError",
    "Problem",
    "ProblemCode",
    "ReasonCode",
    "ReleaseAction",
    "Role",
    "Scope",
    "diff",
    "dump",
    "load",
    "problems",
    "sections",
    "shipped",
]
