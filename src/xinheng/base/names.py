"""What people, customers, branches and roles are called in the reader's language.

Where only one name was entered it serves both languages; a name entered as ``中文 English`` is kept whole.
"""

import re
from typing import Any

from xinheng.base import policies
from xinheng.base.models import User
from xinheng.base.once import once
from xinheng.rules.policy import RIGHTS


def of(value: Any, language: str) -> str:
    """The name of whatever has one; an empty text for nothing."""
    if value is None or value == "":
        return ""
    if hasattr(value, "name_in"):
        return str(value.name_in(language))
    if hasattr(value, "name_zh"):
        return str(value.name_zh if language.startswith("zh") else value.name_en)
    return str(value)


def role(code: str, language: str) -> str:
    """What a role is called; its code when the policy no longer knows it."""
    roles = policies.current().policy.roles
    return of(roles[code], language) if code in roles else code


def right(code: str, language: str) -> str:
    """What a right lets a person do."""
    zh, en = RIGHTS.get(code, (code, code))
    return zh if language.startswith("zh") else en


#: A Chinese name behind a job title: 业务员 林晓.
_TITLED = re.compile(r"\S+ ([\u4e00-\u9fff]{2,4})")


def bare(name: str) -> str:
    """A name without the job title in front of it."""
    return _TITLED.sub(r"\1", name)


def salespeople(language: str) -> dict[str, str]:
    """Everybody who may stand on customers and documents as the seller: code → name, without the job title."""

    def read() -> dict[str, str]:
        people = User.objects.exclude(code="").only("code", "username", "name_zh", "name_en").order_by("code")
        return {one.sales_code: bare(one.name_in(language)) for one in people}

    return once(("salespeople", language), read)


def salesperson(code: str, language: str) -> str:
    """Who sells; the code itself where nobody with a seat here bears it."""
    return salespeople(language).get(code, code) if code else ""


def salesperson_code(typed: str, language: str) -> str:
    """The code of whoever was typed, by code, by name, or as the suggestion ``S01 林晓``; else what was typed."""
    known = salespeople(language)
    if typed in known or not typed:
        return typed
    meant = {name.casefold(): code for code, name in known.items()} | {code.casefold(): code for code in known}
    return meant.get(typed.casefold()) or meant.get(typed.split(maxsplit=1)[0].casefold(), typed)
