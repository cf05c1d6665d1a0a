"""The routes of a chapter: what is read, and what is done; each finds its object and makes one call.

A chapter's ``api.py`` makes one ``Room`` and names each route with the shape of its answer.  What all routes share (the
key, the pace, answers given once, problems) is here and in the API object of the site.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from xinheng.base import rights
from xinheng.base.api.keys import caller
from xinheng.base.api.once_only import answer, done
from xinheng.base.api.pages import ROWS_MAX, ROWS_USUAL
from xinheng.base.errors import BadInput

Limit = Annotated[int, Query(ROWS_USUAL, ge=1, le=ROWS_MAX, description="How many rows a page has at most.")]
Cursor = Annotated[str, Query("", max_length=80, description="The `next` of the page before.")]
_MADE, _DONE = 201, 200


class UnknownParameter(BadInput):
    """The address asks for something that this route does not know.  params: names."""

    code = "UNKNOWN_PARAMETER"


class Room(Router):
    """Routes under one heading of the documentation."""

    def __init__(self, heading: str) -> None:
        super().__init__(tags=[heading])

    def read(self, path: str, shape: Any, *, right: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A route that only looks; it gives the tag of what it shows, and 304 to whoever has that already."""

        def decorate(look: Callable[..., Any]) -> Callable[..., Any]:
            known = set(inspect.signature(look).parameters)

            @functools.wraps(look)
            def told(request: HttpRequest, **stated: Any) -> HttpResponse:
                if unknown := sorted(set(request.GET) - known):
                    raise UnknownParameter(names=unknown)
                if right:
                    rights.require(caller(request), right)
                made = answer(look(request, **stated), _DONE)
                if made["ETag"] in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
                    made = HttpResponse(status=304, headers={"ETag": made["ETag"]})
                return made

            return self.get(path, response=shape, **_described(look))(told)

        return decorate

    def write(
        self,
        path: str,
        shape: Any,
        *,
        right: str = "",
        method: str = "POST",
        makes: bool = False,
        current: Callable[..., Any] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A route that does something; ``makes`` answers 201.

        ``current`` takes the same arguments, locks what is to change and tells its shape: then If-Match holds.
        """
        status = _MADE if makes else _DONE

        def decorate(act: Callable[..., Any]) -> Callable[..., Any]:
            known = set(inspect.signature(act).parameters)

            @functools.wraps(act)
            def kept(request: HttpRequest, **stated: Any) -> HttpResponse:
                if unknown := sorted(set(request.GET) - known):
                    raise UnknownParameter(names=unknown)
                if right:
                    rights.require(caller(request), right)
                return done(
                    request,
                    lambda: act(request, **stated),
                    status=status,
                    current=lambda: current(request, **stated) if current else None,
                )

            extra = {"x-writes": True, "x-if-match": current is not None}
            about = _described(act)
            return self.api_operation([method], path, response={status: shape}, openapi_extra=extra, **about)(kept)

        return decorate


def _described(view: Callable[..., Any]) -> dict[str, str]:
    """Its name, and the first line of what it says of itself, as the documentation shows them."""
    return {"operation_id": view.__name__.rstrip("_"), "summary": inspect.getdoc(view).partition("\n")[0]}  # type: ignore[union-attr]
