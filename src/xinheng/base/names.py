"""What people, customers, branches and roles are called in the reader's language.

Where only one name was entered it serves both languages; a name entered as ``中文 English`` is kept whole.
"""

from typing import Any

from xinheng.base import policies
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
