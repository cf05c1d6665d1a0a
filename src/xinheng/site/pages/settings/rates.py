"""Exchange rates 汇率: the pairs with what each is worth today, their course in a picture, and a rate by hand."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.charts import Chart, Row
from xinheng.base.deeds import Deed, ask
from xinheng.base.errors import Unknown
from xinheng.base.inputs import PastDayField
from xinheng.base.messages import sentence
from xinheng.base.screens import needs
from xinheng.base.tables import Column, DayColumn, LinkColumn, Table
from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Rate
from xinheng.rules.currencies import decimals
from xinheng.rules.errors import RuleError
from xinheng.site.pages.settings.lists import ACTIVE, RATE_READERS, Go, SettingsList, may, needs_any
from xinheng.site.pages.settings.people import MomentColumn

#: Points in the picture; the list below has all of them.
_POINTS = 120
_DIGITS_MAX = 30


class RateForm(forms.Form):
    """What one unit of a currency is worth in another from a day on."""

    on = PastDayField(label=pgettext_lazy("rate", "From"))
    source = forms.CharField(label=pgettext_lazy("rate", "One unit of"), min_length=3, max_length=3)
    target = forms.CharField(label=pgettext_lazy("rate", "is worth, in"), min_length=3, max_length=3)
    rate = forms.CharField(
        label=pgettext_lazy("rate", "Rate"), max_length=32, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def clean_source(self) -> str:
        return self._currency("source")

    def clean_target(self) -> str:
        return self._currency("target")

    def _currency(self, name: str) -> str:
        code = str(self.cleaned_data[name]).upper()
        try:
            decimals(code)
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None
        return code

    def clean_rate(self) -> Decimal:
        typed = str(self.cleaned_data["rate"]).strip()
        try:
            rate = Decimal(typed)
        except InvalidOperation:
            rate = Decimal(0)
        if not rate.is_finite() or rate <= 0 or len(format(rate, "f")) > _DIGITS_MAX:
            raise forms.ValidationError(_("A rate is a number above zero, such as 7.1234."))
        return rate


def _address(record: Any) -> str:
    return reverse("settings:rate", args=[record.source, record.target])


class PairTable(Table):
    """One line a pair, with its newest rate; it opens its course."""

    pair = LinkColumn(
        pgettext_lazy("rate", "Pair"),
        accessor="pk",
        order_by=("source", "target"),
        to=_address,
        named=lambda one: f"{one.source}/{one.target}",
    )
    rate = Column(pgettext_lazy("rate", "Rate"), orderable=False, css="num")
    on = DayColumn(pgettext_lazy("rate", "Valid from"))
    recorded_at = MomentColumn(pgettext_lazy("rate", "Entered"))

    def address_of(self, record: Any) -> str:
        return _address(record)


class Rates(SettingsList):
    """The pairs."""

    title = pgettext_lazy("settings", "Exchange rates")
    table_class = PairTable
    export_name = "rates"
    empty = gettext_lazy("No rate is entered yet. Enter one here, or import a file of rates.")

    def get(self, request: HttpRequest) -> HttpResponse:
        needs_any(request, *RATE_READERS)
        return super().get(request)

    def rows(self, request: HttpRequest) -> QuerySet[Rate]:
        same = Rate.objects.filter(source=OuterRef("source"), target=OuterRef("target"))
        newest = Subquery(same.order_by("-on").values("on")[:1])
        return Rate.objects.filter(on=newest).order_by("source", "target")

    def answer(self, request: HttpRequest, rows: QuerySet[Rate], count: int) -> str:
        said = ngettext("%(number)s pair", "%(number)s pairs", count) % {"number": count}
        currency = clock.company().currency
        return pgettext("list", "%(said)s; the company counts in %(currency)s.") % {"said": said, "currency": currency}

    def ways(self, request: HttpRequest) -> list[Go]:
        if not may(request, "rates.set"):
            return []
        return [Go(pgettext_lazy("verb", "Enter a rate"), reverse("settings:rate-new"), "plus", first=True)]


class CourseTable(Table):
    """The rates of one pair, newest first."""

    on = DayColumn(pgettext_lazy("rate", "Valid from"), css="main")
    rate = Column(pgettext_lazy("rate", "Rate"), orderable=False, css="num")
    recorded_at = MomentColumn(pgettext_lazy("rate", "Entered"))
    batch = Column(pgettext_lazy("rate", "Imported with batch"), accessor="batch_id", orderable=False)


class Course(SettingsList):
    """One pair over time."""

    table_class = CourseTable
    template_name = "settings/rate.html"
    export_name = "rate"

    def get(self, request: HttpRequest, source: str, target: str) -> HttpResponse:  # type: ignore[override]
        needs_any(request, *RATE_READERS)
        self.pair = (source, target)
        if not self.rows(request).exists():
            raise Unknown(what="rate", number=f"{source}/{target}"[:20])
        return super().get(request)

    @property
    def title(self) -> str:  # type: ignore[override]
        return "/".join(self.pair)

    def rows(self, request: HttpRequest) -> QuerySet[Rate]:
        return Rate.objects.filter(source=self.pair[0], target=self.pair[1]).order_by("-on")

    def answer(self, request: HttpRequest, rows: QuerySet[Rate], count: int) -> str:
        last = rows.order_by("-on").first()
        if last is None:
            return ""
        about = {"source": last.source, "rate": last.rate, "target": last.target, "day": formats.day(last.on)}
        return _("1 %(source)s is worth %(rate)s %(target)s since %(day)s.") % about

    def ways(self, request: HttpRequest) -> list[Go]:
        if not may(request, "rates.set"):
            return []
        address = reverse("settings:rate-new", query={"source": self.pair[0], "target": self.pair[1]})
        return [Go(pgettext_lazy("verb", "Enter a rate"), address, "plus", first=True)]

    def context(self, request: HttpRequest) -> dict[str, Any]:
        points = list(self.rows(request)[:_POINTS])[::-1]
        return {**super().context(request), "chart": _course(points, self.title) if len(points) > 1 else None}


def _course(points: list[Rate], pair: str) -> Chart:
    drawn = [
        {"name": formats.day(one.on), "title": formats.day(one.on), "value": float(one.rate), "text": one.rate}
        for one in points
    ]
    rows = [Row(formats.day(one.on), [one.rate], [one.rate]) for one in points]
    heads = [pgettext("rate", "Valid from"), pgettext("rate", "Rate")]
    return Chart("course", "line", pgettext("rate", "Course"), pair, {"points": drawn, "fit": True}, heads, rows)


@needs("rates.set")
def new(request: HttpRequest) -> HttpResponse:
    """State a rate."""
    user: Any = request.user
    usual = {
        "on": clock.business_date(),
        "source": request.GET.get("source", "")[:3],
        "target": request.GET.get("target", clock.company().currency)[:3],
    }
    form = RateForm(request.POST if request.method == "POST" else None, initial=usual)

    def act(cleaned: dict[str, Any]) -> str:
        row = exposure.RateRow(**cleaned)
        exposure.set_rate(row, by=user)
        about = {"source": row.source, "rate": format(row.rate, "f"), "target": row.target, "day": formats.day(row.on)}
        return _("1 %(source)s is worth %(rate)s %(target)s since %(day)s.") % about

    deed = Deed(
        title=_("Enter a rate"),
        consequence=_("It counts from its day until the next one; orders that were held for want of it are told."),
        button=pgettext_lazy("verb", "Keep it"),
        back=reverse("settings:rates"),
        back_name=_("Exchange rates"),
        icon="coin",
    )
    return ask(request, deed, form, act, more={"active": ACTIVE})
