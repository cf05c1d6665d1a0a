"""What the rule book refuses: a fact that cannot be right, under a stable code.

An amount with too many decimals, a term nobody knows, bounds that do not rise: the rule book says so at once and never
guesses.  The doors translate the code; ``params`` fill the sentence.  Subclasses sit beside the function that raises
them.
"""

from functools import partial
from typing import ClassVar


class RuleError(ValueError):
    """A fact that a rule cannot work with.  ``code`` is stable and UPPER_CASE; ``params`` say which fact and why."""

    code: ClassVar[str] = "BAD_FACT"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)

    def __reduce__(self) -> tuple[partial["RuleError"], tuple[()]]:
        """So that a worker process can hand the error back."""
        return partial(type(self), **self.params), ()
