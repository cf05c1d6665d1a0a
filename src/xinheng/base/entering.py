"""Pages on which somebody enters something or changes it: the fields, one filled button, and nothing typed is lost.

A form lands once however often it is sent; what is wrong is told at its field; when a colleague was quicker, the page
shows what is there now beside what was typed.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xinheng.base import sending
from xinheng.base.deeds import Deed
from xinheng.base.errors import BadInput, Refused, XinhengError
from xinheng.base.messages import sentence
from xinheng.base.sending import Done, SentAlready
from xinheng.rules.errors import RuleError

Act = Callable[[dict[str, Any]], Done]


class Changed(BadInput):
    """Somebody else changed it since the page was opened.  params: what, number."""

    code = "CHANGED_SINCE_SHOWN"


class EntryForm(forms.Form):
    """A form with its key.  ``errors_at`` says at which field the refusal of an action belongs: by code, or by code and
    what it is about (``UNKNOWN order``)."""

    errors_at: ClassVar[Mapping[str, str]] = {}
    #: Fields that stand behind "more": rarely stated.
    rare: ClassVar[tuple[str, ...]] = ()

    sent = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sent", sending.new_key())
        #: Where what is there already can be looked at, when a number is taken.
        self.there = ""

    def clean_sent(self) -> str:
        return str(self.cleaned_data["sent"]) or sending.new_key()

    def refuse(self, error: XinhengError | RuleError) -> None:
        """Tell a refusal at the field it is about, else above the form."""
        about = f"{error.code} {error.params.get('what', '')}".strip()
        field = self.errors_at.get(about) or self.errors_at.get(error.code)
        if error.code == "CONFLICT":
            self.there = self.address_of_present()
        self.add_error(field if field in self.fields else None, sentence(error))

    def address_of_present(self) -> str:
        """The page of what bears the number already."""
        return ""

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [one for one in self.visible_fields() if one.name not in self.rare]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields for the rarer case."""
        return [one for one in self.visible_fields() if one.name in self.rare]

    @property
    def opened(self) -> bool:
        """Whether something of the rarer case is stated or wrong."""
        return any(one.errors or one.value() not in {None, "", False} for one in self.more)


class ChangeForm(EntryForm):
    """A form over something that is there: it remembers what was shown, field by field.

    ``shown`` is what stands there now, in words a form field holds; ``clash`` what a colleague made of it meanwhile.
    """

    def __init__(self, stated: Any, *, shown: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(stated, initial=dict(shown), **kwargs)
        self.shown = dict(shown)
        self.clash: list[tuple[Any, str, str]] = []
        for name, value in self.shown.items():
            self.fields[f"was-{name}"] = forms.CharField(
                required=False, initial=value, widget=forms.HiddenInput, strip=False
            )

    def refuse_changed(self, now: Mapping[str, str], *, what: str, number: str) -> None:
        """Stop when what stands there is not what the page showed; call it under the lock.

        Raises:
            Changed
        """
        seen = {name: str(self.cleaned_data.get(f"was-{name}") or "") for name in now}
        other = [name for name in now if now[name] != seen[name]]
        if not other:
            return
        self.clash = [(self.fields[name].label, now[name], str(self[name].value() or "")) for name in other]
        self.data = self.data.copy()
        for name in other:  # sent once more, it is meant knowing what is there now
            self.data[f"was-{name}"] = now[name]
        raise Changed(what=what, number=number)

    def stated(self) -> dict[str, Any]:
        """The fields that were written over: those that differ from what was shown."""
        return {
            name: self.cleaned_data[name]
            for name in self.shown
            if name in self.cleaned_data and str(self[name].value() or "") != self.shown[name]
        }


def enter(
    request: HttpRequest,
    deed: Deed,
    form: EntryForm,
    act: Act,
    *,
    template: str = "base/entry.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form; when it was filled in well, act once, say what was done and show what came of it.

    Raises:
        Refused
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                done = sending.land(form.cleaned_data["sent"], lambda: act(form.cleaned_data), by=request.user)  # type: ignore[arg-type]
                messages.success(request, done.said)
                return redirect(done.address)
            except SentAlready as already:
                messages.success(request, _("This was taken already, once: %(said)s") % {"said": already.done.said})
                return redirect(already.done.address)
            except Refused:
                raise
            except (XinhengError, RuleError) as error:
                form.refuse(error)
        status = 422
    context = {"deed": deed, "form": form, "active": "", "bound": status != 200, **(more or {})}
    return render(request, template, context, status=status)
