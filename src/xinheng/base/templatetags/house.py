"""Filters and tags that every page uses: amounts, days, icons, the chip of a state, links that keep their filters."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from xinheng.base import formats, names

register = template.Library()
#: The cookie that says so.
LARGE_UNIT = "large-unit"

register.filter("plain", formats.plain)
register.filter("money", formats.full)
register.filter("short", formats.short)
register.filter("count", formats.count)
register.filter("used_of", formats.used)
register.filter("listed", formats.listed)


@register.filter
def signed(minor: int | None, currency: str) -> str:
    """A change, with its sign: +1,234.56."""
    return f"+{formats.plain(minor, currency)}" if minor and minor > 0 else formats.plain(minor, currency)


@register.filter
def signed_short(minor: int | None, currency: str) -> str:
    """The same in three digits: +¥12.3 万."""
    return f"+{formats.short(minor, currency)}" if minor and minor > 0 else formats.short(minor, currency)


@register.filter
def moneys(amounts: Mapping[str, int]) -> str:
    """Amounts of several currencies, in minor units."""
    return " + ".join(formats.full(amount, currency) for currency, amount in amounts.items()) or "0"


@register.filter
def salesperson(code: str) -> str:
    """Who sells, by name; a dash for nobody."""
    return names.salesperson(code, get_language() or "zh") or formats.MISSING


@register.filter
def day(value: date | None) -> SafeString:
    """A day as every page writes it, never broken over two lines."""
    return format_html('<time class="day" datetime="{0}">{0}</time>', formats.day(value)) if value else SafeString("—")


@register.filter
def moment(value: datetime | date | None, zone: str = "UTC") -> str:
    """A moment in the company's time zone, to the minute; a day as it is."""
    if value is not None and not isinstance(value, datetime):
        return formats.day(value)
    return value.astimezone(ZoneInfo(zone or "UTC")).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def name_of(value: Any) -> str:
    """The name of a customer, person or role in the reader's language."""
    return names.of(value, get_language() or "zh")


@register.filter
def role_name(code: str) -> str:
    """What a role is called in the reader's language."""
    return names.role(code, get_language() or "zh")


@register.filter
def initial(name: str) -> str:
    """The letter that stands for a person: the family name's first sign behind a job title, else the first letter."""
    words = name.split()
    return words[-1][:1] if words else "?"


@register.filter
def minus(value: int) -> int:
    """The amount the other way round."""
    return -value


@register.filter
def unlocal(value: float) -> str:
    """A figure as style sheets read it, whatever the language."""
    return f"{value:.2f}"


@register.filter
def label_of(choices: Any, value: str) -> str:
    """The words of a chosen value."""
    return str(dict(choices).get(value, value))


@register.filter
def tint(bucket: int, width: int) -> int:
    """Which of the five bar colours one of so many buckets has: calm, then from amber to red; as charts.js does."""
    if bucket == 0:
        return 0
    late = width - 1
    return 4 if late == 1 else min(4, 1 + round((bucket - 1) * 3 / (late - 1)))


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a key that is only known in the template."""
    return mapping.get(key) if mapping else None


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    """The paths of an outline icon; nothing where the assets were not fetched."""
    found = finders.find(f"vendor/icons/{name}.svg")
    if not found:
        return ""
    text = Path(found).read_text(encoding="utf-8")
    return text[text.index(">") + 1 : text.rindex("</svg>")].strip()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon drawn in the text's colour; silent to screen readers, the words beside it speak."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        css,
        mark_safe(_drawing(name)),  # noqa: S308 - drawings of the project's own assets
    )


@register.simple_tag
def chip(words: object, tone: str = "normal", title: str = "") -> SafeString:
    """A state in words on its colour: normal, watch, bad, closed, in."""
    return format_html('<span class="chip chip-{}" title="{}">{}</span>', tone, title, words)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """The present address with some filters changed; an empty value takes one away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_head(context: Context, name: str, words: object, css: str = "", usual: str = "") -> SafeString:
    """The head of a column that can be sorted by, in a table written by hand; ``usual`` is how it is sorted unasked."""
    present = context["request"].GET.get("sort") or usual
    ways = {name: "ascending", f"-{name}": "descending"}
    then = f"-{name}" if present == name else name
    state = format_html(' aria-sort="{}"', ways[present]) if present in ways else ""
    return format_html(
        '<th scope="col" class="{}"{}><a class="sort" href="{}">{}</a></th>',
        css,
        state,
        with_query(context, sort=then, page=""),
        words,
    )


def in_large(context: Context) -> bool:
    """Whether the reader wants overviews in 万元, in English in thousands."""
    return context["request"].COOKIES.get(LARGE_UNIT) == "1"


@register.simple_tag(takes_context=True)
def overview_amount(context: Context, value: int | None, currency: str, sign: str = "") -> str:
    """An amount of an overview in the unit its reader wants; with the currency's sign where ``sign`` says so."""
    if in_large(context):
        return formats.large(value, currency, signed=bool(sign))
    return (formats.full if sign else formats.plain)(value, currency)


@register.simple_tag(takes_context=True)
def large_unit(context: Context) -> bool:
    """The same question for a template."""
    return in_large(context)


@register.simple_tag(takes_context=True)
def may(context: Context, right: str) -> bool:
    """Whether the reader holds a right."""
    return right in context["request"].powers.rights
