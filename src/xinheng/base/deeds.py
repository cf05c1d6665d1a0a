"""Pages on which somebody does one thing that cannot be edited away: what it does in words, a reason, one button.

The consequence stands above the form; what is refused is told beside it, and nothing typed is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xinheng.base.errors import Refused, XinhengError
from xinheng.base.messages import sentence

Act = Callable[[dict[str, Any]], str | HttpResponse]


class ReasonField(forms.CharField):
    """Why, in words; kept with the deed."""

    def __init__(self, **kwargs: Any) -> None:
        usual: dict[str, Any] = {
            "label": pgettext_lazy("deed", "Reason"),
            "max_length": 500,
            "widget": forms.Textarea(attrs={"rows": 2}),
            "error_messages": {"required": gettext_lazy("Say why: the reason is kept with your name.")},
        }
        super().__init__(**{**usual, **kwargs})


class ReasonForm(forms.Form):
    """Nothing but the reason."""

    reason = ReasonField()


@dataclass(frozen=True)
class Deed:
    """What the page says: its heading, what will have happened afterwards, the button, where one came from."""

    title: Any
    consequence: Any
    button: Any
    back: str
    back_name: str
    icon: str = "check"
    grave: bool = False
    facts: tuple[tuple[Any, Any], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Offered:
    """One button that leads to such a page."""

    words: Any
    icon: str
    address: str
    tone: str = ""


def ask(
    request: HttpRequest,
    deed: Deed,
    form: forms.Form,
    act: Act,
    *,
    template: str = "base/deed.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Ask; when it was answered well, act, say what was done and go back.  ``act`` returns what was done, in words, or
    the page to show instead.

    ``form`` is bound when the request is a POST.

    Raises:
        Refused
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                done = act(form.cleaned_data)
                if isinstance(done, HttpResponse):
                    return done
                messages.success(request, done)
                return redirect(deed.back)
            except Refused:
                raise
            except XinhengError as error:
                form.add_error(None, sentence(error))
        status = 422
    return render(request, template, {"deed": deed, "form": form, "active": "", **(more or {})}, status=status)


def take_back(
    request: HttpRequest, consequence: str, act: Callable[[str], Any], *, number: str, amount: str, back: str
) -> HttpResponse:
    """The page on which a document is taken back by a reversing one; ``act`` is told the reason.

    Raises:
        Refused
    """
    words = {"number": number, "amount": amount}

    def done(cleaned: dict[str, Any]) -> str:
        act(cleaned["reason"])
        return _("%(number)s over %(amount)s is taken back.") % words

    more = _("What settles it, or what it settles, is undone first. In a closed month it leaves on the first open day.")
    deed = Deed(
        title=_("Take back %(number)s") % words,
        consequence=f"{consequence} {more}",
        button=pgettext_lazy("verb", "Take it back"),
        back=back,
        back_name=number,
        icon="x",
        grave=True,
    )
    return ask(request, deed, ReasonForm(request.POST if request.method == "POST" else None), done)
