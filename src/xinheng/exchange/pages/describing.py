"""How a file is read, as a form: its kind, which heading is which column, and what else one may choose about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.desk.exposure import public as exposure
from xinheng.exchange import headings, mappings
from xinheng.exchange.models import Upload
from xinheng.exchange.pages.words import FIELDS, KINDS

_DATES = [("", _("as the file shows")), ("YMD", "2026-11-24"), ("DMY", "24/11/2026"), ("MDY", "11/24/2026")]
#: Choices that only some kinds have.
_ONLY = {
    "create_customers": ("orders", "deliveries", "invoices", "receipts", "credit-notes", "instruments"),
    "opening": ("orders", "deliveries", "returns", "invoices", "receipts", "credit-notes", "instruments"),
    "check": ("orders",),
}


class DescribeForm(forms.Form):
    """One field for each column of the kind, and the choices."""

    update = forms.BooleanField(
        required=False, label=_("Rows that differ correct the books"),
        help_text=_("Otherwise a row that says something else than the books is an error."),
    )  # fmt: skip
    create_customers = forms.BooleanField(required=False, label=_("Make customers nobody knows"))
    opening = forms.BooleanField(
        required=False, label=_("History as it stands"), help_text=_("Orders count as approved; nobody is told.")
    )
    check = forms.BooleanField(
        required=False, label=_("Check the orders"), help_text=_("In the order of the file, each by itself.")
    )
    date_format = forms.ChoiceField(required=False, label=_("Days are written"), choices=_DATES)
    entity = forms.ChoiceField(required=False, label=pgettext_lazy("column", "Entity"))
    save_as = forms.CharField(
        required=False, max_length=100, label=_("Keep these columns under a name"),
        help_text=_("Next month's file then needs one choice."),
    )  # fmt: skip

    def __init__(self, upload: Upload, *, may_check: bool, data: Any = None) -> None:
        chosen = {**upload.options}
        super().__init__(data, initial=chosen, prefix=None)
        self.upload = upload
        for name, kinds in _ONLY.items():
            if upload.kind not in kinds or (name == "check" and not may_check):
                del self.fields[name]
        entities = list(exposure.Entity.objects.order_by("code").values_list("code", "name"))
        if len(entities) > 1:
            told = [(code, f"{code} {name}") for code, name in entities]
            self.fields["entity"].choices = [("", _("as the file says")), *told]
        else:
            del self.fields["entity"]
        self._columns(chosen.get("mapping", {}))

    def _columns(self, mapping: dict[str, str]) -> None:
        names = self.upload.table["headings"]
        found = headings.proposed(self.upload.kind, names)
        places = [("", _("not in this file")), *((str(place), name) for place, name in enumerate(names) if name)]
        for name in headings.fields_of(self.upload.kind):
            heading = mapping.get(name, found.get(name, ""))
            self.fields[f"field-{name}"] = forms.ChoiceField(
                required=False,
                label=FIELDS[name],
                choices=places,
                initial=str(names.index(heading)) if heading in names else "",
            )

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns with samples of what stands under the heading chosen for each."""
        known, samples = headings.KINDS[self.upload.kind], self.upload.table["samples"]
        rows = []
        for name in headings.fields_of(self.upload.kind):
            field = self[f"field-{name}"]
            place = str(field.value() or "")
            rows.append(
                {
                    "name": name,
                    "field": field,
                    "required": known[name].required,
                    "samples": samples[int(place)] if place.isdecimal() and int(place) < len(samples) else [],
                }
            )
        return rows

    @property
    def found(self) -> list[dict[str, Any]]:
        """Columns that the file has, and those it must have."""
        return [one for one in self.columns if one["required"] or one["field"].value()]

    @property
    def missing(self) -> list[dict[str, Any]]:
        """Columns that the file may have and has not."""
        return [one for one in self.columns if not (one["required"] or one["field"].value())]

    @property
    def left_out(self) -> list[tuple[str, list[str]]]:
        """Headings that are no column, with samples."""
        taken = {str(one["field"].value() or "") for one in self.columns}
        table = self.upload.table
        return [
            (heading, table["samples"][place])
            for place, heading in enumerate(table["headings"])
            if heading and str(place) not in taken
        ]

    @property
    def choices_(self) -> list[forms.BoundField]:
        """What may be chosen beside the columns."""
        return [self[name] for name in self.fields if not name.startswith("field-") and name != "save_as"]

    @property
    def mapping(self) -> dict[str, str]:
        """Field → heading; '' for a field that would be recognised and is not to be."""
        names = self.upload.table["headings"]
        found = headings.proposed(self.upload.kind, names)
        mapping = {}
        for name in headings.fields_of(self.upload.kind):
            field = f"field-{name}"  # one that the form did not send stays as it was
            place = self.cleaned_data[field] if field in self.data else self.fields[field].initial
            heading = names[int(place)] if place else ""
            if heading or name in found:
                mapping[name] = heading
        return mapping


def kind_choices(upload: Upload, allowed: list[str]) -> list[tuple[str, str]]:
    """The kinds the person may bring, the likeliest first, each with how well the headings fit."""
    return [(kind, f"{KINDS[kind]} · {score}%") for kind, score in upload.table["likeness"] if kind in allowed]


def saved_for(upload: Upload) -> list[str]:
    """Names of the mappings kept for this kind."""
    return [one.name for one in mappings.saved_mappings() if one.kind == upload.kind]
