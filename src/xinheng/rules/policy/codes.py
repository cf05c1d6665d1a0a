"""The words a policy and a credit check share: moments, effects, reasons and kinds, each with one stable code.

A code is stored in decisions for years and read by other programs, so it never changes its meaning; the sentences
people read are made elsewhere, from the code and its parameters.
"""

from enum import StrEnum


class CheckPoint(StrEnum):
    """The moments at which credit may be looked at. Source: 篇3, 篇7 (OC-002, OC-007, OC-009)."""

    ORDER = "ORDER"
    CHANGE = "CHANGE"
    DELIVERY = "DELIVERY"
    INVOICE = "INVOICE"


class Effect(StrEnum):
    """What a rule does when it bites.

    RELEASED marks a block that a signed release has overcome, SHADOW one that would have stopped the order if the check
    did more than watch.
    """

    BLOCK = "BLOCK"
    NOTICE = "NOTICE"
    IGNORE = "IGNORE"
    RELEASED = "RELEASED"
    SHADOW = "SHADOW"


class ReasonCode(StrEnum):
    """Every reason a decision can give, in the order in which a decision lists them."""

    CUSTOMER_INACTIVE = "CUSTOMER_INACTIVE"
    FORCED_HOLD = "FORCED_HOLD"
    ON_HOLD = "ON_HOLD"
    GROUP_ON_HOLD = "GROUP_ON_HOLD"
    MISSING_APPROVAL = "MISSING_APPROVAL"
    INSTRUMENT_NOT_ALLOWED = "INSTRUMENT_NOT_ALLOWED"
    TERM_NOT_ALLOWED = "TERM_NOT_ALLOWED"
    GRADE_NOT_ALLOWED = "GRADE_NOT_ALLOWED"
    CREDIT_WITHDRAWN = "CREDIT_WITHDRAWN"
    NO_CREDIT = "NO_CREDIT"
    LINE_UNSIGNED = "LINE_UNSIGNED"
    LINE_NOT_YET_VALID = "LINE_NOT_YET_VALID"
    LINE_EXPIRED = "LINE_EXPIRED"
    RATE_MISSING = "RATE_MISSING"
    OVER_LIMIT = "OVER_LIMIT"
    OVER_GROUP_LIMIT = "OVER_GROUP_LIMIT"
    NEAR_LIMIT = "NEAR_LIMIT"
    PREPAYMENT_SHORT = "PREPAYMENT_SHORT"
    OVERDUE_DAYS = "OVERDUE_DAYS"
    OVERDUE_AMOUNT = "OVERDUE_AMOUNT"
    OVERDUE_SHARE = "OVERDUE_SHARE"
    OVERDUE_NOTICE = "OVERDUE_NOTICE"
    COD_OVERDUE = "COD_OVERDUE"
    ROLLING_BATCH_UNPAID = "ROLLING_BATCH_UNPAID"
    GROUP_OVERDUE = "GROUP_OVERDUE"
    BREACH = "BREACH"
    RELEASE_EXPIRED = "RELEASE_EXPIRED"


#: Reasons whose effect follows from another rule's and cannot be set: a missing rate does what the rule it blinds
#: would do, and an expired release only explains why the reasons beside it count again.
DERIVED = frozenset({ReasonCode.RATE_MISSING, ReasonCode.RELEASE_EXPIRED})


class Payment(StrEnum):
    """How an order is paid, from the strictest for the customer to the loosest."""

    PREPAID = "PREPAID"
    COD = "COD"
    CREDIT = "CREDIT"

    @property
    def looseness(self) -> int:
        """0 for prepaid, 1 for cash on delivery, 2 for credit."""
        return _LOOSENESS[self]


_LOOSENESS = {Payment.PREPAID: 0, Payment.COD: 1, Payment.CREDIT: 2}


class Instrument(StrEnum):
    """Means of payment (LM-011: 现金、支票、汇票、汇款、银行承兑) and the paper that may stand for money."""

    CASH = "CASH"
    REMITTANCE = "REMITTANCE"
    CHEQUE = "CHEQUE"
    DRAFT = "DRAFT"
    BANK_ACCEPTANCE = "BANK_ACCEPTANCE"
    COMMERCIAL_ACCEPTANCE = "COMMERCIAL_ACCEPTANCE"
    PROMISSORY_NOTE = "PROMISSORY_NOTE"
    LETTER_OF_CREDIT = "LETTER_OF_CREDIT"


class Acceptor(StrEnum):
    """Who stands behind a paper; OTHER is also what a policy says about all classes it does not name."""

    LARGE_BANK = "LARGE_BANK"
    SMALL_BANK = "SMALL_BANK"
    COMPANY = "COMPANY"
    OTHER = "OTHER"


class ItemNature(StrEnum):
    """What is special about an open amount when it falls due."""

    PLAIN = "PLAIN"
    COD = "COD"  # 货到结款: due when the goods arrive
    ROLLING = "ROLLING"  # 滚结: belongs to a batch that is paid before the next one goes
    DISPUTED = "DISPUTED"  # an approved dispute
    RETENTION = "RETENTION"  # 质保金: due when its own period is over
    INITIAL_STOCK = "INITIAL_STOCK"  # 铺底: due when it is to be paid or given back


class HoldKind(StrEnum):
    """Why somebody or something placed a hold."""

    MANUAL = "MANUAL"
    BREACH = "BREACH"
    DELIVERY_STOP = "DELIVERY_STOP"
    WRITE_OFF = "WRITE_OFF"
    DISHONOUR = "DISHONOUR"
    COLLECTION = "COLLECTION"
    WARNING = "WARNING"


class NoticeKind(StrEnum):
    """What people are told of by themselves. Source: OC-008, OC-013."""

    ORDER_HELD = "ORDER_HELD"
    GOODS_STOPPED = "GOODS_STOPPED"
    RELEASE_ASKED = "RELEASE_ASKED"
    ORDER_FREED = "ORDER_FREED"
    ORDER_REJECTED = "ORDER_REJECTED"
    BREACH_BEGAN = "BREACH_BEGAN"
    BREACH_ENDED = "BREACH_ENDED"
    HOLD_PLACED = "HOLD_PLACED"
    HOLD_LIFTED = "HOLD_LIFTED"
    SHIPPED_UNRELEASED = "SHIPPED_UNRELEASED"


class Scope(StrEnum):
    """Whose customers a role sees."""

    OWN = "OWN"
    TEAM = "TEAM"
    BRANCH = "BRANCH"
    ALL = "ALL"


class Matching(StrEnum):
    """What happens to a document that names no predecessor."""

    NONE = "NONE"
    OLDEST = "OLDEST"


class ReleaseAction(StrEnum):
    """The three separate acts of K6: sell once beyond the policy, keep credit despite a breach, take credit away."""

    SPECIAL_SALE = "SPECIAL_SALE"
    KEEP_CREDIT_DESPITE_BREACH = "KEEP_CREDIT_DESPITE_BREACH"
    REVOKE_CREDIT = "REVOKE_CREDIT"


#: What a policy may count, by the names of rules/road.py; UNAPPLIED is the customer's claim on us, stored positive.
COMPONENTS = ("ORDERED", "DELIVERED", "CONSIGNED", "INVOICED", "INSTRUMENT", "CONTINGENT", "UNAPPLIED")
