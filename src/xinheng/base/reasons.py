"""Why a person signs: whoever lets an order go or turns it down answers for it; the reason is kept (OC-006, OC-009)."""

from xinheng.base.errors import BadInput


class ReasonMissing(BadInput):
    """A signature without a reason in words."""

    code = "REASON_MISSING"


def stated(reason: str) -> str:
    """The reason in words, without blanks around it.

    Raises:
        ReasonMissing
    """
    said = reason.strip()
    if not said:
        raise ReasonMissing
    return said
