"""The policy that ships: the source articles' own, softened only where other systems hurt their users.

It is in force from always and unsigned until the general manager signs a version, and every decision says so.
Source: 篇7 四 and 五, 篇3; semantics.md 3.
"""

from functools import lru_cache

from xinheng.rules.policy.document import Policy, load
from xinheng.rules.policy.shipped_roles import ROLES

_RULES = """\
version = "shipped-1"
effective_from = "always"

[exposure]
components = ["ORDERED", "DELIVERED", "CONSIGNED", "INVOICED", "INSTRUMENT", "CONTINGENT", "UNAPPLIED"]
contingent_weight_percent = 100
other_instrument_weight_percent = 100

[exposure.instrument_weights_percent]
CASH = { OTHER = 0 }
REMITTANCE = { OTHER = 0 }
CHEQUE = { OTHER = 100 }
DRAFT = { LARGE_BANK = 0, SMALL_BANK = 50, OTHER = 100 }
BANK_ACCEPTANCE = { LARGE_BANK = 0, SMALL_BANK = 50, OTHER = 100 }
COMMERCIAL_ACCEPTANCE = { OTHER = 100 }
PROMISSORY_NOTE = { LARGE_BANK = 0, SMALL_BANK = 50, OTHER = 100 }
LETTER_OF_CREDIT = { LARGE_BANK = 0, SMALL_BANK = 50, OTHER = 100 }

[check_points]
customer_inactive      = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "IGNORE" }
forced_hold            = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
on_hold                = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
group_on_hold          = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
missing_approval       = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
instrument_not_allowed = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
term_not_allowed       = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
grade_not_allowed      = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
credit_withdrawn       = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
no_credit              = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
line_unsigned          = { order = "IGNORE", change = "IGNORE", delivery = "IGNORE", invoice = "IGNORE" }
line_not_yet_valid     = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
line_expired           = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
over_limit             = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
over_group_limit       = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
near_limit             = { order = "NOTICE", change = "NOTICE", delivery = "NOTICE", invoice = "IGNORE" }
prepayment_short       = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
overdue_days           = { order = "NOTICE", change = "NOTICE", delivery = "BLOCK",  invoice = "NOTICE" }
overdue_amount         = { order = "NOTICE", change = "NOTICE", delivery = "BLOCK",  invoice = "NOTICE" }
overdue_share          = { order = "NOTICE", change = "NOTICE", delivery = "BLOCK",  invoice = "NOTICE" }
overdue_notice         = { order = "IGNORE", change = "IGNORE", delivery = "IGNORE", invoice = "IGNORE" }
cod_overdue            = { order = "NOTICE", change = "NOTICE", delivery = "BLOCK",  invoice = "NOTICE" }
rolling_batch_unpaid   = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
group_overdue          = { order = "BLOCK",  change = "BLOCK",  delivery = "BLOCK",  invoice = "NOTICE" }
breach                 = { order = "IGNORE", change = "IGNORE", delivery = "BLOCK",  invoice = "IGNORE" }

[shadow]
classes = {}
still_block = ["FORCED_HOLD", "CUSTOMER_INACTIVE"]

[limit]
watch_percent = 90

[overdue]
grace_days = 5
cod_grace_days = 0
minimum_amounts = { "*" = "10", JPY = "1000", KRW = "10000", VND = "200000", IDR = "100000" }
amount_max = {}
share_percent_max = "none"
excluded = ["DISPUTED", "INITIAL_STOCK"]

[terms]
days_max = 30
days_max_by_class = {}

[instruments]
allowed = ["CASH", "CHEQUE", "DRAFT", "REMITTANCE", "BANK_ACCEPTANCE"]

[holds.points]
MANUAL = ["ORDER", "CHANGE", "DELIVERY", "INVOICE"]
BREACH = ["DELIVERY"]
DELIVERY_STOP = ["DELIVERY"]
WRITE_OFF = ["ORDER", "CHANGE", "DELIVERY", "INVOICE"]
DISHONOUR = ["ORDER", "CHANGE", "DELIVERY", "INVOICE"]
COLLECTION = ["ORDER", "CHANGE", "DELIVERY"]
WARNING = ["ORDER", "CHANGE"]

[group]
overdue_hold_amounts = { "*" = "100000", JPY = "10000000", KRW = "100000000", VND = "2000000000", IDR = "1000000000" }

[breach]
components = ["DELIVERED", "CONSIGNED", "INVOICED", "UNAPPLIED"]
propose_cash = true
waiver_covers = ["BREACH", "OVERDUE_DAYS", "OVERDUE_AMOUNT", "OVERDUE_SHARE", "COD_OVERDUE"]
waiver_days = 30

[release]
expiry_days = 7
special_sale = { kind = "ANY_OF", roles = ["GENERAL_MANAGER", "FINANCE_MANAGER", "SALES_MANAGER"] }
keep_credit_despite_breach = { kind = "ALL_OF", roles = ["SALES_DIRECTOR", "FINANCE_DIRECTOR"] }
revoke_credit = { kind = "ANY_OF", roles = ["FINANCE_DIRECTOR"] }
tiers = []
not_releasable = ["FORCED_HOLD", "CUSTOMER_INACTIVE"]

[notices]
days = 30

[notices.told]
ORDER_HELD = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "FINANCE_MANAGER", "CREDIT_ADMINISTRATOR",
]
GOODS_STOPPED = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "FINANCE_MANAGER", "CREDIT_ADMINISTRATOR",
    "CUSTOMER_SERVICE", "WAREHOUSE",
]
ORDER_FREED = ["SALESPERSON", "CUSTOMER_SERVICE"]
ORDER_REJECTED = ["SALESPERSON", "SALES_SUPERVISOR", "CUSTOMER_SERVICE"]
BREACH_BEGAN = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "SALES_DIRECTOR", "FINANCE_MANAGER",
    "FINANCE_DIRECTOR", "CREDIT_ADMINISTRATOR", "CUSTOMER_SERVICE", "WAREHOUSE",
]
BREACH_ENDED = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "FINANCE_MANAGER", "CREDIT_ADMINISTRATOR",
    "CUSTOMER_SERVICE", "WAREHOUSE",
]
HOLD_PLACED = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "FINANCE_MANAGER", "CREDIT_ADMINISTRATOR",
    "CUSTOMER_SERVICE", "WAREHOUSE",
]
HOLD_LIFTED = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "FINANCE_MANAGER", "CREDIT_ADMINISTRATOR",
    "CUSTOMER_SERVICE", "WAREHOUSE",
]
SHIPPED_UNRELEASED = [
    "SALESPERSON", "SALES_SUPERVISOR", "SALES_MANAGER", "REGIONAL_MANAGER", "FINANCE_MANAGER", "CREDIT_ADMINISTRATOR",
]

[grades]
bindings = {}
without_rating = ""

[matching]
unlinked_documents = "NONE"

[business]
ageing_bounds_days = [30, 60, 90]
oldest_items_max = 10

[api]
requests_per_minute = 600
answers_kept_days = 30
"""

#: The shipped policy as the TOML text a company starts from.
SHIPPED = f"{_RULES}\n{ROLES}"


@lru_cache(maxsize=1)
def shipped() -> Policy:
    """The shipped policy, unsigned and in force from always."""
    return load(SHIPPED)
