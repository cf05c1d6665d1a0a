"""What people are told of goods that left without a release: whose they are, and how many deliveries (OC-009)."""

from django.urls import reverse
from django.utils.translation import ngettext, ngettext_lazy

from xinheng.base import formats, policies, sql
from xinheng.desk.exposure.public import Entry
from xinheng.desk.notices.public import News, Notice, Voice, tell_people, together
from xinheng.rules.policy import NoticeKind


def tell_unreleased(entry: Entry) -> None:
    """Tell of the deliveries of an entry that left without a release, once for each customer."""
    found = sql.fetch(
        "SELECT a.customer_id, COUNT(*), MIN(d.id), MIN(d.number) FROM sales_unreleased u "
        "JOIN exposure_document d ON d.id = u.delivery_id JOIN exposure_account a ON a.id = d.account_id "
        "WHERE d.entry_id = %s GROUP BY a.customer_id ORDER BY a.customer_id",
        [entry.pk],
    )
    here = policies.here()
    news = [
        News(NoticeKind.SHIPPED_UNRELEASED, f"delivery:{first}", customer, data={"number": number, "count": count})
        for customer, count, first, number in found
    ]
    with together():
        tell_people(news, policy=here.current.policy, on=here.today, by=entry.actor, at=entry.at)


def _said(notice: Notice) -> str:
    count = notice.data["count"]
    return ngettext(
        "Delivery %(number)s left without a shipping order.",
        "%(count)s deliveries left without a shipping order.",
        count,
    ) % {"number": notice.data["number"], "count": formats.count(count)}


def _list() -> str:
    return reverse("control:unreleased")


def _opened(notice: Notice) -> str:
    if notice.data["count"] > 1:
        return _list()
    return reverse("document", args=[int(notice.subject.partition(":")[2])])


SHIPPED_UNRELEASED = Voice(
    said=_said,
    address=_opened,
    many=ngettext_lazy(
        "Goods for %(number)s customer left without a shipping order.",
        "Goods for %(number)s customers left without a shipping order.",
        "count",
    ),
    list_address=_list,
)
