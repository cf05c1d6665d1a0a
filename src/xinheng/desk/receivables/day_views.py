"""The doors for days that somebody has to say: when goods were accepted, a statement agreed, a sale reported."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xinheng.base.inputs import DayField
from xinheng.base.messages import EVENTS
from xinheng.base.screens import needs
from xinheng.desk.exposure.public import Document
from xinheng.desk.receivables import happened as actions
from xinheng.desk.receivables.acting import document_for
from xinheng.desk.receivables.happened import Followed
from xinheng.rules.road import Kind
from xinheng.rules.terms import TOLD, Base

_KINDS = (Kind.INVOICE, Kind.DELIVERY)


class HappenedForm(forms.Form):
    """What happened, and on which day."""

    event = forms.ChoiceField(choices=[(event.value, EVENTS[event.value]) for event in TOLD])
    on = DayField()


class NotHappenedForm(forms.Form):
    """Which day is taken back, and why."""

    event = forms.ChoiceField(choices=[(event.value, EVENTS[event.value]) for event in TOLD])
    reason = forms.CharField(
        max_length=500, error_messages={"required": gettext_lazy("Say why the day is taken back.")}
    )


@require_POST
@needs("receivables.post")
def happened(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the day, and go to the document as it stands now."""
    found, form = document_for(request.user, pk, *_KINDS), HappenedForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found, form)
    event, on = Base(form.cleaned_data["event"]), form.cleaned_data["on"]
    done = actions.happened(found, event, on=on, by=request.user)  # type: ignore[arg-type]
    said = _("%(number)s: the %(event)s is recorded for %(on)s.")
    return _there(request, found, done, said % {**_words(found, event), "on": on.isoformat()})


@require_POST
@needs("receivables.post")
def not_happened(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the day back, and go to the document as it stands now."""
    found, form = document_for(request.user, pk, *_KINDS), NotHappenedForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found, form)
    event = Base(form.cleaned_data["event"])
    done = actions.not_happened(found, event, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
    return _there(request, found, done, _("%(number)s: the day of the %(event)s is taken back.") % _words(found, event))


def _words(found: Document, event: Base) -> dict[str, Any]:
    return {"event": EVENTS[event.value], "number": found.number}


def _there(request: HttpRequest, found: Document, done: Followed, said: str) -> HttpResponse:
    messages.success(request, said)
    here = next((one for one in done.documents if one.part == found.part), done.documents[0])
    return redirect("document", here.pk)


def _wrong(request: HttpRequest, found: Document, form: forms.Form) -> HttpResponse:
    messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("document", found.pk)
