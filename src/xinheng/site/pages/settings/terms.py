"""Terms 账期: the codes that credit lines bear, what they mean, and a reckoner: a term and a day give the due days."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from xinheng.base import clock, formats
from xinheng.base.inputs import DayField
from xinheng.base.messages import sentence
from xinheng.desk.limits import public as limits
from xinheng.desk.limits.public import Line
from xinheng.rules.errors import RuleError
from xinheng.rules.terms import KNOWN, Base, Instalment, PartKind, Roll, Term, due_dates, parse_term, term_days_max
from xinheng.site import term_words
from xinheng.site.pages.settings.lists import ACTIVE, TERM_READERS, needs_any

#: Codes to begin with, one for each way of settling.
EXAMPLES = ("30D", "2M", "月结30 cut 25 pay 10", "季结0", "3x30D", "30%@0D+70%@60D", "签收后30D latest 60D", "COD")
#: So much is divided, in hundredths: instalments show as percents.
_WHOLE = 100_00
_KINDS = {
    PartKind.ORDINARY: "",
    PartKind.RETENTION: pgettext_lazy("term", "retention"),
    PartKind.FLOAT: pgettext_lazy("term", "initial stock"),
}


class ReckonForm(forms.Form):
    """A term, the invoice's day, and the day of the event it may count from."""

    term = forms.CharField(
        label=pgettext_lazy("term", "Term"), max_length=400, widget=forms.TextInput(attrs={"size": 28})
    )
    issued = DayField(label=pgettext_lazy("term", "Invoice date"))
    happened = DayField(
        label=pgettext_lazy("term", "The event it counts from"),
        required=False,
        help_text=gettext_lazy("Delivery, acceptance, agreed statement, next batch or sale report, when it has come."),
    )

    def clean_term(self) -> Term:
        try:
            return parse_term(self.cleaned_data["term"])
        except RuleError as error:
            raise forms.ValidationError(sentence(error)) from None


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment: its share, its day, why that day."""

    part: int
    share: str
    due_on: date | None
    why: str
    kind: Any


def terms(request: HttpRequest) -> HttpResponse:
    """The page; the reckoner's question stands in the address.

    Raises:
        Refused
    """
    needs_any(request, *TERM_READERS)
    asked = {name: request.GET.get(name, "") for name in ("term", "issued", "happened")}
    form, found = ReckonForm(initial={"issued": clock.business_date()}), None
    if asked["term"] or asked["issued"]:
        form = ReckonForm({**asked, "issued": asked["issued"] or clock.business_date()})
        found = _reckoned(form) if form.is_valid() else None
    context = {"active": ACTIVE, "form": form, "found": found, "used": _used(), "examples": EXAMPLES}
    return render(request, "settings/terms.html", context, status=422 if form.errors else 200)


def _used() -> list[dict[str, Any]]:
    """The codes of credit lines, those of earlier ones too, with how many bear them; most used first."""
    rows = Line.objects.exclude(term="").order_by().values_list("term").annotate(number=Count("pk"))
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    return [{"code": code, "number": number, "said": _told(code)} for code, number in ordered]


def _told(code: str) -> str:
    try:
        return term_words.told(parse_term(code))
    except RuleError as error:
        return sentence(error)


def _reckoned(form: ReckonForm) -> dict[str, Any] | None:
    """The due days; None, and a sentence in the form, where no calendar reaches."""
    term, issued = form.cleaned_data["term"], form.cleaned_data["issued"]
    try:
        dues = reckon(term, issued, form.cleaned_data["happened"])
    except RuleError as error:
        form.add_error(None, sentence(error))
        return None
    most = term_days_max(term)
    longest = ngettext("at most %(number)s day", "at most %(number)s days", most or 0) % {"number": most}
    return {
        "code": str(term),
        "said": term_words.told(term),
        "longest": longest if most is not None else _("without a bound: it waits for something that may not come"),
        "dues": dues,
    }


def reckon(term: Term, issued: date, happened: date | None) -> list[Due]:
    """The instalments of an invoice of a day, each with its reason.

    Raises:
        DateOutOfRange
    """
    days = {Base.INVOICE: issued} | ({base: happened for base in Base if base not in KNOWN} if happened else {})
    calendar = limits.working_calendar()
    found = due_dates(term, base_dates=days, amount=_WHOLE, calendar=calendar)
    still = Term(term.parts, Roll.NONE)
    before = due_dates(still, base_dates=days, amount=_WHOLE, calendar=calendar)
    dues = []
    for part, one, unmoved in zip(term.parts, found, before, strict=True):
        said = [term_words.rule(part.rule), *_waits(part.rule.base, one)]
        if one.due_on != unmoved.due_on:
            said.append(_("%(day)s is a rest day") % {"day": formats.day(unmoved.due_on)})
        if one.due_on and term.roll is not Roll.NONE and calendar.provisional(one.due_on.year):
            said.append(_("provisional: the days off of %(year)s are not published yet") % {"year": one.due_on.year})
        why = pgettext("between parts", "; ").join(said)
        dues.append(Due(one.part, formats.percent(one.amount, _WHOLE, 2), one.due_on, why, _KINDS[one.kind]))
    return dues


def _waits(base: Base, one: Instalment) -> list[str]:
    """What an instalment still waits for."""
    if one.due_on is not None and not one.provisional:
        return []
    words = _("%(base)s has not come") if one.due_on is None else _("provisional: %(base)s has not come")
    return [words % {"base": term_words.BASES[base]}]
