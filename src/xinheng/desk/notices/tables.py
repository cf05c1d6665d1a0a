"""The inbox as a list."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from xinheng.base import clock, formats, names
from xinheng.base.tables import ChipColumn, ChooseColumn, Column, Table
from xinheng.base.templatetags.house import chip, moment
from xinheng.desk.notices.queries import stands_for
from xinheng.desk.notices.voices import voice_of
from xinheng.desk.notices.words import KINDS, TONES


def _said(notice: Any) -> str:
    """What a line says."""
    voice, number = voice_of(notice.kind), stands_for(notice)
    return voice.said_of(number) if number > 1 else voice.said(notice)


class InboxTable(Table):
    """What happened, to whom, when; whoever may see decisions reads why."""

    choose = ChooseColumn(label=_said)
    said = Column(pgettext_lazy("notice", "Notice"), empty_values=(), orderable=False, css="main wide")
    kind = ChipColumn(pgettext_lazy("notice", "What happened"), tones=TONES, words=KINDS)
    customer = Column(pgettext_lazy("customer", "Customer"), empty_values=(), orderable=False)
    at = Column(pgettext_lazy("notice", "When"))

    def render_said(self, record: Any) -> SafeString:
        why = self._why(record)
        opened = format_html('<a href="{}">{}</a>', self.address_of(record), _said(record))
        fresh = not record.was_seen and record.settled_at is None
        mark = format_html(" {}", chip(_("new"), "watch")) if fresh else ""
        return format_html('{}{}<span class="below">{}</span>', opened, mark, why)

    def value_said(self, record: Any) -> str:
        return " ".join(filter(None, (_said(record), self._why(record))))

    def _why(self, record: Any) -> str:
        reads = "decisions.view" in self.request.powers.rights
        return voice_of(record.kind).why(record) if reads and stands_for(record) == 1 else ""

    def render_customer(self, record: Any) -> str:
        holder = record.customer or record.group
        if stands_for(record) > 1 or holder is None:
            return formats.MISSING
        return names.of(holder, get_language() or "zh")

    def value_customer(self, record: Any) -> str:
        return self.render_customer(record)

    def render_at(self, value: Any, record: Any) -> SafeString:
        when, who = moment(value, clock.company().time_zone), names.of(record.by, get_language() or "zh")
        return format_html('<span>{}<span class="below">{}</span></span>', when, who)

    def value_at(self, value: Any) -> Any:
        return value

    def address_of(self, record: Any) -> str:
        return reverse("notices:open", args=[record.pk])
