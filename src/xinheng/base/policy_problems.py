"""What is wrong with a policy document, in words: the place, what stands there, what belongs there, the code beside.

A general manager reads this before signing, so no mistake is told by its code alone.
"""

from collections.abc import Iterable
from re import fullmatch

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xinheng.rules.policy import Problem, ProblemCode

_SAID: dict[ProblemCode, Promise] = {
    ProblemCode.NOT_TOML: pgettext_lazy("policy", "this is not TOML: %(value)s"),
    ProblemCode.MISSING: pgettext_lazy("policy", "the field is missing"),
    ProblemCode.UNKNOWN_FIELD: pgettext_lazy("policy", "there is no such field"),
    ProblemCode.WRONG_TYPE: pgettext_lazy("policy", "“%(value)s” is another sort of value"),
    ProblemCode.OUT_OF_RANGE: pgettext_lazy("policy", "%(value)s lies outside the range"),
    ProblemCode.NOT_A_CHOICE: pgettext_lazy("policy", "“%(value)s” is none of the choices"),
    ProblemCode.NOT_AN_AMOUNT: pgettext_lazy("policy", "“%(value)s” is no amount; amounts are written as texts"),
    ProblemCode.NOT_A_DATE: pgettext_lazy("policy", "“%(value)s” is no date"),
    ProblemCode.NOT_A_CODE: pgettext_lazy("policy", "“%(value)s” is not written as a code or a line of text"),
    ProblemCode.DUPLICATE: pgettext_lazy("policy", "something stands twice in %(value)s"),
    ProblemCode.EMPTY: pgettext_lazy("policy", "too little stands here"),
    ProblemCode.NOT_RISING: pgettext_lazy("policy", "%(value)s does not rise"),
    ProblemCode.UNKNOWN_CURRENCY: pgettext_lazy("policy", "“%(value)s” is not a currency code of ISO 4217"),
    ProblemCode.UNKNOWN_ROLE: pgettext_lazy("policy", "the policy has no role “%(value)s”"),
    ProblemCode.UNKNOWN_GRADE: pgettext_lazy("policy", "the policy binds no grade “%(value)s”"),
    ProblemCode.NOBODY_MAY: pgettext_lazy("policy", "no role would have the right “%(value)s” any more"),
}


def said(problem: Problem) -> str:
    """One mistake in the reader's language."""
    what = str(_SAID[problem.code]) % {"value": problem.value}
    about = {"path": problem.path, "what": what, "expected": problem.expected, "code": problem.code.value}
    if problem.expected:
        return _("%(path)s: %(what)s; allowed is %(expected)s (%(code)s)") % about
    return (_("%(path)s: %(what)s (%(code)s)") if problem.path else _("%(what)s (%(code)s)")) % about


def beside(problem: Problem) -> str:
    """The same at its own field: the place goes without saying, and a range is told as people say it."""
    what = str(_SAID[problem.code]) % {"value": problem.value}
    if found := fullmatch(r"(\d+)\.\.(\d+)( \| none)?", problem.expected.strip("[]")):
        bounds = {"what": what, "low": found[1], "high": found[2]}
        if found[3]:
            return _("%(what)s; write a whole number from %(low)s to %(high)s, or leave it empty.") % bounds
        return _("%(what)s; write a whole number from %(low)s to %(high)s.") % bounds
    return _("%(what)s.") % {"what": what}


def listed(problems: Iterable[Problem]) -> str:
    """All of them, a line each."""
    return "".join(f"\n  {said(one)}" for one in problems)


def as_json(problem: Problem) -> dict[str, str]:
    """A mistake as every door writes it."""
    return {
        "path": problem.path,
        "value": problem.value,
        "code": problem.code.value,
        "expected": problem.expected,
        "said": said(problem),
    }
