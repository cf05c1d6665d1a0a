"""Random policies, made once from a fixed seed: any that can be signed, with thresholds small enough to be met."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.rules.order_check.random_facts import CODES, CURRENCIES, pool
from xinheng.rules.policy import (
    COMPONENTS,
    CheckPoint,
    Effect,
    HoldKind,
    ItemNature,
    Payment,
    Policy,
    ReasonCode,
    shipped,
)
from xinheng.rules.policy.checking import CheckPointRules, Effects, Notices, ShadowRules
from xinheng.rules.policy.sections import GradeBinding
from xinheng.rules.policy.signing import Tier
from xinheng.rules.signers import SignerKind, SignerRule

#: The shipped policy without its roles, which no check looks at, so that a failure stays readable.
BASE = replace(shipped(), roles={})
WARNING = frozenset({ReasonCode.NEAR_LIMIT, ReasonCode.OVERDUE_NOTICE})


def _some_of(dice: Random, values: Iterable[Any], least: int = 0) -> tuple[Any, ...]:
    every = list(values)
    return tuple(dice.sample(every, dice.randint(least, len(every))))


def _bounds(dice: Random) -> dict[str, Decimal]:
    named = _some_of(dice, ("*", *CURRENCIES))[:3]
    return {one: Decimal(dice.choice(("0", "0.1", "1", "5", "10.01"))) for one in named}


def _effects(dice: Random, code: ReasonCode) -> Effects:
    at = [dice.choice((Effect.BLOCK, Effect.BLOCK, Effect.NOTICE, Effect.IGNORE)) for _ in CheckPoint]
    if code in WARNING:
        return Notices(*[Effect.NOTICE if effect is Effect.BLOCK else effect for effect in at])
    return Effects(*at)


def _signers(dice: Random) -> SignerRule:
    return SignerRule(dice.choice(tuple(SignerKind)), _some_of(dice, sorted(shipped().roles), 1))


def _shadow(dice: Random) -> ShadowRules:
    """Mostly none: a watched order has nothing to be freed from, unless something blocks all the same."""
    points = _some_of(dice, CheckPoint) if dice.random() < 0.2 else ()
    classes = {one: dice.choice((("*",), ("KEY",), ())) for one in points}
    return ShadowRules(classes, _some_of(dice, CODES)[:12])


def _policy(dice: Random) -> Policy:
    grades = _some_of(dice, ("PERIOD_A", "PERIOD_C", "NONE"))
    bindings = {one: GradeBinding(dice.choice(tuple(Payment)), dice.choice((None, 0, 30))) for one in grades}
    counted = [COMPONENTS if dice.random() < 0.5 else _some_of(dice, COMPONENTS, 1) for _ in range(2)]
    return replace(
        BASE,
        exposure=replace(
            BASE.exposure, components=counted[0], contingent_weight_percent=dice.choice((0, 33, 100, 100))
        ),
        check_points=CheckPointRules(*[_effects(dice, code) for code in CODES]),
        shadow=_shadow(dice),
        limit=replace(BASE.limit, watch_percent=dice.choice((None, 1, 80, 100))),
        overdue=replace(
            BASE.overdue,
            grace_days=dice.randrange(10),
            cod_grace_days=dice.randrange(3),
            minimum_amounts=_bounds(dice),
            amount_max=_bounds(dice),
            share_percent_max=dice.choice((None, 0, 10, 50, 100)),
            excluded=_some_of(dice, (ItemNature.DISPUTED, ItemNature.INITIAL_STOCK)),
        ),
        terms=replace(BASE.terms, days_max_by_class=dice.choice(({}, {"KEY": 90}))),
        holds=replace(BASE.holds, points={one: _some_of(dice, CheckPoint) for one in _some_of(dice, HoldKind)}),
        group=replace(BASE.group, overdue_hold_amounts=_bounds(dice)),
        breach=replace(
            BASE.breach,
            components=counted[1],
            propose_cash=dice.random() < 0.5,
            waiver_covers=_some_of(dice, (ReasonCode.BREACH, ReasonCode.OVERDUE_DAYS, ReasonCode.OVER_LIMIT)),
        ),
        release=replace(
            BASE.release,
            special_sale=_signers(dice),
            tiers=tuple(Tier({"*": Decimal(1), **_bounds(dice)}, _signers(dice)) for _ in range(dice.randrange(3))),
            not_releasable=_some_of(dice, CODES)[:3],
        ),
        grades=replace(BASE.grades, bindings=bindings, without_rating=dice.choice(("", *bindings))),
    )


#: Any policy that can be signed, the shipped one among them.
POLICIES = st.just(BASE) | pool(_policy, 200)
