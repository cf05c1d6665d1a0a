"""The process that answers: gunicorn's, except that an address too long for it is told in both languages as well.

Such a request ends before there is a page, a reader or a language; the server's own words would be English only.
"""

from typing import Any

from django.template.loader import render_to_string
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

_TOO_LONG = {LimitRequestLine: "414 URI Too Long", LimitRequestHeaders: "431 Request Header Fields Too Large"}


class Worker(ThreadWorker):  # type: ignore[misc]
    """Some threads, and words of our own."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        status = next((words for kind, words in _TOO_LONG.items() if isinstance(exc, kind)), None)
        if status is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("too long from %s: %s", addr, exc)
        try:
            write_nonblock(client, _answer(status))
        except OSError:
            self.log.debug("nobody waited for the answer")


def _answer(status: str) -> bytes:
    page = render_to_string("414.html", {"status": status.split(" ", 1)[0]}).encode()
    head = (
        f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Security-Policy: default-src 'none'\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    return head.encode("ascii") + page
