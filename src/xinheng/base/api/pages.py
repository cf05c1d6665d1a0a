"""Lists, page by page: the next page begins after the last row of this one, whatever came in meanwhile."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import QuerySet

from xinheng.base.api.kinds import ID_MAX
from xinheng.base.api.problems import BadCursor

#: So many rows come at most, and so many where nobody says.
ROWS_MAX, ROWS_USUAL = 500, 50


class Page[Row](TypedDict):
    """Rows, and the cursor of the next page; null on the last one."""

    items: list[Row]
    next: str | None


def page[Row](
    rows: QuerySet[Any], shape: Callable[[Any], Row], *, cursor: str, limit: int, key: str = "pk", newest: bool = True
) -> Page[Row]:
    """One page of the rows by their key: newest first, or rising."""
    if cursor:
        rows = rows.filter(**{f"{key}__{'lt' if newest else 'gt'}": _read(cursor)})
    found = list(rows.order_by(f"-{key}" if newest else key)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return {"items": [shape(one) for one in found], "next": _written(found[-1].pk) if more else None}


def _written(key: int | UUID) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _read(cursor: str) -> int | UUID:
    """The key a cursor stands for.

    Raises:
        BadCursor
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        found = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else UUID(text)
    except (binascii.Error, ValueError):
        raise BadCursor(value=cursor[:40]) from None
    if isinstance(found, int) and found > ID_MAX:
        raise BadCursor(value=cursor[:40])
    return found
