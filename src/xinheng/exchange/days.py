"""Reading days as people and programs write them, without guessing which number is the month.

3/5/2026 is a day in March in Chicago and in May in London.  A text is read only where it says itself, or the caller
says, what comes first; a due date two months off is worse than a question.  The rules:

* A year of four digits in front is read as it stands: 2026-03-05, 2026/3/5, 2026.3.5, 20260305, 2026年3月5日.
* So is a month in letters: 05-Mar-2026, March 5, 2026, 2026-Mar-05.
* Day, month and year in numbers are read where one of the first two is above 12, or both are alike.  Else they need a
  date format: DMY, MDY or YMD, or a pattern as %d/%m/%Y or dd/mm/yyyy.
* A time of day behind the day is cut off; with a time zone it may be another day here, and is refused.
* Two-digit years, days that no calendar has, years before 1900, and Excel's serial numbers are refused, each with its
  own code.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from xinheng.base.errors import BadInput
from xinheng.rules.dates import YEAR_MIN


class DateError(BadInput):
    """A text that is no day.  params: date (as text, shortened)."""

    code = "DATE_BAD"


class UnreadableDate(DateError):
    """Not a date, or not in the format that was named.  params: date."""

    code = "DATE_UNREADABLE"


class EmptyDate(DateError):
    """No text where a day is needed."""

    code = "DATE_EMPTY"


class NoSuchDay(DateError):
    """31 February.  params: date."""

    code = "DATE_NO_SUCH_DAY"


class YearTooEarly(DateError):
    """A year before 1900, as 0000 or 1026.  params: date, year."""

    code = "DATE_YEAR"


class ShortYear(DateError):
    """A year of two digits.  params: date."""

    code = "DATE_SHORT_YEAR"


class AmbiguousDate(DateError):
    """Can be read as two days.  params: date, readings (both, ISO, day first before month first)."""

    code = "DATE_AMBIGUOUS"


class SerialNumber(DateError):
    """The number by which Excel keeps a day.  params: date, day (ISO, as Excel for Windows counts)."""

    code = "DATE_SERIAL"


class BadDateFormat(DateError):
    """A date format that names no day.  params: format."""

    code = "DATE_FORMAT"


ORDERS = ("YMD", "DMY", "MDY")
#: Longer than any way to write a day.
TEXT_MAX = 40
#: How many texts are remembered; a file of bookings by the second would fill the memory otherwise.
KNOWN_MAX = 100_000

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_BY_LETTERS = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}

_TIME = r"(?:[ T]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?[AP]M)?)?"
_NTH = r"(?:ST|ND|RD|TH)?"


def _pattern(text: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(text + _TIME, re.IGNORECASE | re.ASCII).fullmatch


_YEAR_FIRST = _pattern(r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})")
_CHINESE = _pattern(r"(?P<y>\d{4}|\d{2}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]?")
_COMPACT = _pattern(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_COMPACT_YEAR_LAST = _pattern(r"(?P<a>\d{2})(?P<b>\d{2})(?P<y>(?:19|20|21)\d{2})")
_LETTERS = tuple(
    map(
        _pattern,
        (
            rf"(?P<d>\d{{1,2}}){_NTH}[-/. ]*(?P<name>[A-Z]{{3,9}})[-/., ]*(?P<y>\d{{4}}|\d{{2}})",
            rf"(?P<name>[A-Z]{{3,9}})[-/. ]*(?P<d>\d{{1,2}}){_NTH}[-/, ]+(?P<y>\d{{4}}|\d{{2}})",
            r"(?P<y>\d{4})[-/. ]*(?P<name>[A-Z]{3,9})[-/. ]*(?P<d>\d{1,2})",
        ),
    )
)
_YEAR_LAST = _pattern(r"(?P<a>\d{1,2})(?P<mark>[-/. ])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})")
_SHORT = _pattern(r"\d{1,2}([-/. ])\d{1,2}\1\d{1,2}|\d{6}")
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?", re.ASCII).fullmatch

_TO_PLAIN = {0xFF01 + index: 0x21 + index for index in range(94)} | {ord("\u3000"): " ", ord("\u00a0"): " "}

_DIRECTIVES = {"Y": r"(?P<y>\d{4})", "m": r"(?P<m>\d%s)", "d": r"(?P<d>\d%s)", "b": r"(?P<name>[A-Za-z]{3,9})"}
_DIRECTIVES |= {"B": _DIRECTIVES["b"], "%": "%", "H": r"\d{1,2}", "M": r"\d{2}", "S": r"\d{2}"}
_WORDS = {"yyyy": "%Y", "m": "%m", "mm": "%m", "mmm": "%b", "mmmm": "%B", "d": "%d", "dd": "%d"}


class Days:
    """Reads the days of one file.  ``known`` maps texts that were read to ISO days: ask it before ``iso``.

    Raises BadDateFormat.
    """

    def __init__(self, format: str = "") -> None:
        self.known: dict[str, str] = {}
        order = format.strip().upper()
        self._order = order if order in ORDERS else ""
        self._own = _own_pattern(format) if format.strip() and not self._order else None

    def iso(self, text: str) -> str:
        """The day as 2026-03-05.  Raises a DateError by the rules at the top of this page."""
        found = self.known.get(text)
        if found is None:
            found = self._read(text)
            if len(self.known) >= KNOWN_MAX:
                self.known.clear()
            self.known[text] = found
        return found

    def _read(self, text: str) -> str:
        plain = text.translate(_TO_PLAIN).strip()
        if not plain:
            raise EmptyDate()
        if len(plain) > TEXT_MAX:
            raise UnreadableDate(date=plain[:TEXT_MAX])
        if self._own is not None:
            found = self._own(plain)
            if found is not None:
                return _day(found.groupdict(), plain)
            if _YEAR_FIRST(plain) is None or "-" not in plain:  # a workbook's own days come as ISO in any format
                raise UnreadableDate(date=plain)
        for read in (_YEAR_FIRST, _CHINESE, *_LETTERS):
            found = read(plain)
            if found is not None:
                return _day(found.groupdict(), plain)
        return self._numbers(plain)

    def _numbers(self, plain: str) -> str:
        """A day in numbers alone whose year does not stand in front with a mark behind it."""
        found = _YEAR_LAST(plain) or _COMPACT_YEAR_LAST(plain)
        if found is not None and self._order != "YMD":
            return self._by_order(int(found["a"]), int(found["b"]), int(found["y"]), plain)
        found = _COMPACT(plain)
        if found is not None:
            return _day(found.groupdict(), plain)
        if _SHORT(plain):
            raise ShortYear(date=plain)
        serial = _SERIAL(plain)
        if serial is not None:
            raise SerialNumber(date=plain, day=str(date(1899, 12, 30) + timedelta(days=int(serial[1]))))
        raise UnreadableDate(date=plain)

    def _by_order(self, first: int, second: int, year: int, plain: str) -> str:
        if self._order == "DMY":
            return _existing(year, second, first, plain)
        if self._order == "MDY":
            return _existing(year, first, second, plain)
        if first > 12 or first == second:
            return _existing(year, second, first, plain)
        if second > 12:
            return _existing(year, first, second, plain)
        readings = [_existing(year, second, first, plain), _existing(year, first, second, plain)]
        raise AmbiguousDate(date=plain, readings=readings)


def _day(parts: dict[str, Any], plain: str) -> str:
    """The day that the parts of a match name: y, d, and m or the name of the month."""
    name = (parts.get("name") or "").lower()
    if name and not any(month.startswith(name) for month in _MONTHS) and name != "sept":
        raise UnreadableDate(date=plain)
    if len(parts["y"]) < 4:
        raise ShortYear(date=plain)
    return _existing(int(parts["y"]), _BY_LETTERS[name[:3]] if name else int(parts["m"]), int(parts["d"]), plain)


def _existing(year: int, month: int, day: int, plain: str) -> str:
    if year < YEAR_MIN:
        raise YearTooEarly(date=plain, year=year, first=YEAR_MIN)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise NoSuchDay(date=plain) from None


def _own_pattern(format: str) -> Callable[[str], re.Match[str] | None]:
    """A pattern for %d/%m/%Y or dd/mm/yyyy.  Raises BadDateFormat unless it names year, month and day, once each."""
    directives = format.strip()
    if "%" not in directives:
        directives = re.sub(r"y+|m+|d+", lambda word: _WORDS.get(word[0], "%y"), directives.lower())
    parts: list[str] = []
    tokens = re.findall(r"%.?|[^%]", directives, re.DOTALL)
    for index, token in enumerate(tokens):
        if not token.startswith("%"):
            parts.append(re.escape(token))
            continue
        beside = [other for other in tokens[max(0, index - 1) : index + 2] if other.startswith("%")]
        directive = _DIRECTIVES.get(token[1:])
        if directive is None:
            raise BadDateFormat(format=format)
        parts.append(directive.replace("%s", "{2}" if len(beside) > 1 else "{1,2}"))
    try:
        pattern = re.compile("".join(parts) + _TIME, re.IGNORECASE | re.ASCII)
    except re.error:  # a part named twice
        raise BadDateFormat(format=format) from None
    names = pattern.groupindex.keys()
    if not {"y", "d"} <= names or ("m" in names) == ("name" in names):
        raise BadDateFormat(format=format)
    return pattern.fullmatch
