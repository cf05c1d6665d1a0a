"""Whose items and at which moment, as SQL: what every reading of open items narrows itself by."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from xinheng.base.errors import Unknown
from xinheng.base.models import Branch, User
from xinheng.desk.customers import public as customers
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Account, Moment

#: Instead of a code: those in no group, of no branch, without salesperson.
NOBODYS = "-"


@dataclass(frozen=True, slots=True)
class AgeingScope:
    """Whose items: codes, empty for all, ``NOBODYS`` for those who have none; ``seen_by`` leaves out customers that
    person may not see."""

    customer: str = ""
    group: str = ""
    branch: str = ""
    salesperson: str = ""
    entity: str = ""
    currency: str = ""
    seen_by: User | None = None


@dataclass(slots=True)
class Condition:
    """A piece of SQL over the positions ``p`` with its parameters: joins, and conditions that begin with AND.

    ``accounts`` is the subselect of the accounts it is about, '' for all, with parameters of its own.
    """

    joins: str = ""
    where: str = ""
    params: list[object] = field(default_factory=list)
    accounts: str = ""
    account_params: list[object] = field(default_factory=list)


def later_moves(moment: Moment, scope: Condition) -> tuple[str, list[object]]:
    """A common table ``later(position, moved)``: what came to each position after a moment, less what left it."""
    when, params = moment.later("m")
    if scope.accounts:
        when += f" AND m.account_id IN ({scope.accounts})"
        params += scope.account_params
    table = (
        "later(position, moved) AS (SELECT position, SUM(amount) FROM ("
        f"SELECT m.target_id AS position, m.amount FROM exposure_movement m WHERE {when} AND m.target_id IS NOT NULL "
        f"UNION ALL SELECT m.source_id, -m.amount FROM exposure_movement m WHERE {when} AND m.source_id IS NOT NULL"
        ") moves GROUP BY position)"
    )
    return table, [*params, *params]


def condition(scope: AgeingScope) -> Condition:
    """The scope as SQL.

    Raises:
        Unknown
    """
    found = Condition()
    if any([scope.customer, scope.group, scope.branch, scope.entity, scope.seen_by]):
        found.accounts, params = _accounts(scope).values("id").query.sql_with_params()
        found.account_params = list(params)
        found.where += f" AND p.account_id IN ({found.accounts})"
        found.params += found.account_params
    if scope.currency:
        found.where += " AND p.currency = %s"
        found.params.append(scope.currency)
    if scope.salesperson:
        # Whoever the document names answers for it, else the customer's salesperson.
        found.joins = (
            "JOIN exposure_document sd ON sd.id = p.document_id JOIN exposure_account sa ON sa.id = p.account_id "
            "JOIN customers_customer sc ON sc.id = sa.customer_id"
        )
        found.where += " AND COALESCE(NULLIF(sd.salesperson, ''), sc.salesperson) = %s"
        found.params.append("" if scope.salesperson == NOBODYS else scope.salesperson)
    return found


def _accounts(scope: AgeingScope) -> QuerySet[Account]:
    accounts = Account.objects.all()
    if scope.customer:
        accounts = accounts.filter(customer=customers.by_code(scope.customer))
    if scope.group == NOBODYS:
        accounts = accounts.filter(customer__group=None)
    elif scope.group:
        accounts = accounts.filter(customer__group=customers.group_by_code(scope.group))
    if scope.branch == NOBODYS:
        accounts = accounts.filter(customer__branch=None)
    elif scope.branch:
        branch = Branch.objects.filter(code=scope.branch).first()
        if branch is None:
            raise Unknown(what="branch", number=scope.branch)
        accounts = accounts.filter(customer__branch=branch)
    if scope.entity:
        accounts = accounts.filter(entity=exposure.entity(scope.entity))
    if scope.seen_by is not None:
        accounts = accounts.filter(customers.sees(scope.seen_by, "customer__"))
    return accounts
