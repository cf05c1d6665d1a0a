"""What a person states when letting an order go or turning it down."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.desk.control.models import BreachSignature


class VerdictForm(forms.Form):
    """A signature needs a reason in words; so does a refusal."""

    RELEASE, REJECT, ASK = "release", "reject", "ask"

    verb = forms.ChoiceField(choices=[(RELEASE, RELEASE), (REJECT, REJECT), (ASK, ASK)])
    reason = forms.CharField(
        label=pgettext_lazy("signature", "Reason"),
        max_length=500,
        error_messages={"required": _("Say why: the reason is kept with your signature.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


#: What each verb takes.
RIGHTS = {
    VerdictForm.RELEASE: "orders.release",
    VerdictForm.REJECT: "orders.reject",
    VerdictForm.ASK: "orders.enter",
}


class BreachForm(VerdictForm):
    """The same about a breach."""

    verb = forms.ChoiceField(choices=BreachSignature.Verb.choices)


class ManyForm(VerdictForm):
    """The same for several orders at once."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, choices=[])

    def __init__(self, *args: object, chosen: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["chosen"].choices = [(id, id) for id in chosen]  # type: ignore[attr-defined]
