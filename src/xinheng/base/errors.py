"""What a person is told when something cannot be done: a stable code, what happened, and what to do.

Doors translate the code; logs and the API show it as it is.  ``exit`` is the command line's answer (semantics.md 6).
"""

from typing import Any


class XinhengError(Exception):
    """A foreseeable refusal.  Subclasses sit beside the action that raises them."""

    code = "FAILED"
    exit = 1

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class BadInput(XinhengError):
    """The input itself is wrong; nothing was written."""

    code = "BAD_INPUT"
    exit = 2


class Unknown(BadInput):
    """A number or code that nobody knows.  params: what (kind of thing), number."""

    code = "UNKNOWN"


class Ambiguous(BadInput):
    """A number that several entities know.  params: what, number, choices."""

    code = "AMBIGUOUS"


class Refused(XinhengError):
    """The right is missing.  params: right, who."""

    code = "PERMISSION_DENIED"


class SamePerson(XinhengError):
    """One person may not stand on both sides of one document."""

    code = "SAME_PERSON"


class LockTimeout(XinhengError):
    """Somebody else holds the account; nothing was written."""

    code = "LOCK_TIMEOUT"


class WrongState(XinhengError):
    """The document is not in a state in which this can be done.  params: what, number, state."""

    code = "WRONG_STATE"


class Conflict(BadInput):
    """Something with this key exists already and differs.  params: what, number."""

    code = "CONFLICT"
