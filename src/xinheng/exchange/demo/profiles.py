"""What the demo company knows of each customer: a name, a place, a salesperson, a term, and a way of paying.

Number, country and documents are real; the rest is invented. Who bought little is a cash customer; the others have
30 days in most cases. The classes of payers and their shares are those measured in `payment_behaviour.csv`; two more
are the demo company's own, for the sample has none: customers who dispute, and customers who stop paying.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache

from .draw import Draw
from .names import company_name
from .people import overseas_salesperson, salespeople
from .source import Document, documents, table

CASH, DISPUTING, DEFAULTING = "cash", "disputing", "defaulting"
# The demo company's own shares of credit customers, taken from the measured classes in proportion.
DISPUTING_SHARE, DEFAULTING_SHARE = 0.08, 0.06
CREDIT_FROM_INVOICES, CREDIT_FROM_PENCE = 4, 100_000
TERMS = ((30, 78.0), (14, 10.0), (45, 7.0), (60, 5.0))
# The ten largest pay as their part in the story wants it.
PINNED = {
    "18102": "usual",
    "14646": "prompt",
    "14156": "late",
    "14911": "usual",
    "13694": "very-late",
    "17511": "prompt",
    "15061": "late",
    "16684": "usual",
    "13089": "very-late",
    "16754": DEFAULTING,
    "17949": DISPUTING,
}
GROUPS = {
    "G-HARBOUR": {"zh": "海港集团", "en": "Harbour Group", "members": ("14156", "14911", "14016")},
    "G-NORTHFOLK": {"zh": "北乡集团", "en": "Northfolk Group", "members": ("13881", "16422", "14680", "14031")},
    "G-RHEIN": {"zh": "莱茵集团", "en": "Rhein Group", "members": ("12709", "12471", "12621")},
    "G-LUMIERE": {"zh": "流明集团", "en": "Lumière Group", "members": ("12681", "12678", "12714")},
}
# In these two groups members have lines of their own below the group's; in the others they draw on the group's.
GROUPS_WITH_SUB_LIMITS = ("G-HARBOUR", "G-LUMIERE")
EURO_CUSTOMERS = ("14911", "12647", "12682")


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer. `term_days` is 0 for a cash customer; `run_weekday` (Monday 0) is when it pays everything due at
    once; from `stops_on` a defaulting customer pays nothing more."""

    code: str
    country: str
    name: str
    name_en: str
    branch: str
    salesperson: str
    group: str
    behaviour: str
    term_days: int
    run_weekday: int | None
    stops_on: date | None
    documents: tuple[Document, ...]

    @property
    def on_credit(self) -> bool:
        """True for customers that buy on a term."""
        return self.term_days > 0


@cache
def _group_of() -> dict[str, str]:
    return {member: code for code, group in GROUPS.items() for member in group["members"]}


@cache
def _classes() -> tuple[tuple[str, float], ...]:
    shares = {row["class"]: float(row["customers_pct"]) for row in table("payment_behaviour.csv")}
    rest = (1 - DISPUTING_SHARE - DEFAULTING_SHARE) / sum(shares.values())
    return (
        *((name, share * rest) for name, share in shares.items()),
        (DISPUTING, DISPUTING_SHARE),
        (DEFAULTING, DEFAULTING_SHARE),
    )


def _place(draw: Draw, country: str) -> tuple[str, str]:
    """Branch and salesperson."""
    if country not in ("United Kingdom", "Unspecified"):
        return "OVS", overseas_salesperson(country)
    branch = draw.weighted((("LON", 60.0), ("NTH", 40.0)))
    return branch, draw.pick(salespeople(branch))


def _profile(code: str, own: tuple[Document, ...]) -> Profile:
    draw = Draw("profile", code)
    # A few customers changed country; where they bought most is where they are.
    country = Counter(document.country for document in own).most_common(1)[0][0]
    name, name_en = company_name(code, country)
    branch, salesperson = _place(draw, country)
    invoices = [document for document in own if not document.is_credit_note]
    bought = sum(document.amount for document in invoices)
    group = _group_of().get(code, "")
    credit = bool(group) or len(invoices) >= CREDIT_FROM_INVOICES or bought >= CREDIT_FROM_PENCE
    term_days, behaviour = draw.weighted(TERMS), draw.weighted(_classes())
    if group or code in PINNED or code in EURO_CUSTOMERS:
        term_days, behaviour = 30, PINNED.get(code, "usual")
    run_weekday = draw.pick((1, 3, 4)) if draw.chance(0.4) else None
    stops_on = date.fromordinal(draw.whole(date(2010, 4, 15).toordinal(), date(2010, 10, 15).toordinal()))
    return Profile(
        code=code,
        country=country,
        name=name,
        name_en=name_en,
        branch=branch,
        salesperson=salesperson,
        group=group,
        behaviour=behaviour if credit else CASH,
        term_days=term_days if credit else 0,
        run_weekday=run_weekday if credit else None,
        stops_on=stops_on if credit and behaviour == DEFAULTING else None,
        documents=own,
    )


@cache
def profiles() -> dict[str, Profile]:
    """Every customer of the extract by number, in the order of the numbers."""
    own: dict[str, list[Document]] = {}
    for document in documents():
        own.setdefault(document.customer, []).append(document)
    return {code: _profile(code, tuple(own[code])) for code in sorted(own)}


def customer_rows(today: date) -> list[dict[str, str]]:
    """Customers who have bought by today, as an import file has them."""
    return [
        {
            "code": profile.code,
            "name": profile.name,
            "name_en": profile.name_en,
            "group": profile.group,
            "branch": profile.branch,
            "salesperson": profile.salesperson,
            "currency": "GBP",
        }
        for profile in profiles().values()
        if profile.documents[0].day <= today
    ]
