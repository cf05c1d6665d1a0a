"""A form that is sent twice lands once: by a second click, a page that is loaded again, a line that broke.

Each form bears a key of its own; the key is kept in the same transaction as what the form asked for.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError

from xinheng.base import clock
from xinheng.base.database import enclosing
from xinheng.base.errors import XinhengError
from xinheng.base.models import SentForm, User
from xinheng.rules.errors import RuleError


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a form: in words, and the page that shows it."""

    said: str
    address: str


class SentAlready(XinhengError):
    """The same form was taken before.  ``done`` is what came of it then."""

    code = "SENT_ALREADY"

    def __init__(self, done: Done) -> None:
        self.done = done
        super().__init__()


def new_key() -> str:
    """A key that no other form bears."""
    return uuid.uuid4().hex


def land(key: str, act: Callable[[], Done], *, by: User) -> Done:
    """Do what a form asks for, unless it was done already; ``act`` calls one action.

    What an action keeps although it refuses (the decision that holds an invoice) stays kept.

    Raises:
        SentAlready.  Whatever the action raises.
    """
    if before := _taken(key, by):
        raise SentAlready(before)
    refused: XinhengError | RuleError | None = None
    try:
        with enclosing():
            row = SentForm.objects.create(key=key, by=by, at=clock.now())
            try:
                done = act()
            except (XinhengError, RuleError) as error:
                row.delete()
                refused = error
            else:
                row.said, row.address = done.said[:400], done.address
                row.save(update_fields=["said", "address"])
    except IntegrityError:
        if before := _taken(key, by):  # the other click was quicker
            raise SentAlready(before) from None
        raise
    if refused is not None:
        raise refused
    return done


def _taken(key: str, by: User) -> Done | None:
    row = SentForm.objects.filter(key=key, by=by).first()
    return Done(row.said, row.address) if row else None
