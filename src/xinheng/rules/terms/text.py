"""Reading a term code, in Chinese or English, and saying exactly where it cannot be read.

The grammar; case, full-width characters and spaces do not matter, and [ ] may be left out::

    term       = (rule | N x SPAN [when] | share rule + share rule ...) [retention] [roll]
    rule       = 30D | 30天 | NET30 | 30 | 2M | 2个月 | 签收后30D, each with [when]
               | CASH 现款 | COD 货到付款 | PREPAID 预付
               | 月结30 | 季结30 | 年结30, each with [cut 25 截止25日] [pay 10 付款10日] [from BASE]
               | 滚结 [N] [latest SPAN] | 代销 [30] [latest SPAN]
               | 铺底 [until 2026-12-31 | SPAN], 铺底 [latest SPAN]
    when       = [from INVOICE | DELIVERY | ACCEPTANCE | STATEMENT | MONTH_END] [latest SPAN 最迟90天]
    share      = 30%@            shares, with the retention's, add up to 100%
    retention  = 质保 10% 12M [when]      kept back from the whole amount; the other parts share the rest
    roll       = roll=NEXT 顺延 | roll=PREVIOUS 提前 | roll=NONE

A discount for early payment (2/10 net 30) is not a due date, and half a code is not a term: both are refused.
"""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NoReturn

from xinheng.rules.errors import RuleError
from xinheng.rules.terms.model import (
    KNOWN,
    NATURAL_BASE,
    STATEMENT_MODES,
    Base,
    Mode,
    Part,
    Roll,
    Rule,
    Span,
    Term,
    Unit,
    equal_parts,
)


class UnknownTerm(RuleError):
    """A term code that cannot be read.

    params: term, position (from 0, where reading stopped) and reason: EMPTY, UNREADABLE, OUT_OF_RANGE, TWICE,
    SHARES (they do not add up to 100 %) or NOT_HERE (a word that this kind of term cannot have).
    """

    code = "UNKNOWN_TERM"

    def __init__(self, *, term: str, position: int, reason: str) -> None:
        super().__init__(term=term, position=position, reason=reason)
        self.term, self.position, self.reason = term, position, reason


#: Limits of a code: no trade credit is longer, and a slip of the keyboard is caught.
DAYS_MAX, MONTHS_MAX, PARTS_MAX, BATCHES_MAX, TEXT_MAX = 3650, 120, 60, 99, 400


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_SPAN = _word(r"(\d{1,6})\s*(个月|MONTHS?|M|年|YEARS?|Y|天|日|DAYS?|D)?")
_EQUAL = _word(r"(\d{1,6})\s*[X×*]\s*(?=\d)")
_SHARE = _word(r"(\d{1,3}(?:\.\d{1,2})?)\s*%\s*@?")
_NUMBER = _word(r"(\d{1,6})\s*(?:天|日|号|批|DAYS?|D)?")
_NET = _word(r"NET\s*(?=\d)")
_DATE = _word(r"(?:UNTIL|至)\s*(\d{4})-(\d{2})-(\d{2})")
_RETENTION = _word(r"质量保证金|质保金|质保|RETENTION")
_PLUS = _word(r"\+")
_WITHOUT_CREDIT = {
    Mode.CASH: _word(r"CASH|现款现货|现款|现金"),
    Mode.COD: _word(r"COD|货到付款"),
    Mode.PREPAID: _word(r"PREPAID|PREPAYMENT|预付款|预付|款到发货|先款后货"),
}
_STATEMENT = {
    Mode.MONTHLY: _word(r"月结|MONTHLY|EOM"),
    Mode.QUARTERLY: _word(r"季结|QUARTERLY"),
    Mode.YEARLY: _word(r"年结|YEARLY"),
}
_ROLLING, _FLOAT = _word(r"滚动结算|滚结|ROLLING"), _word(r"铺底|FLOAT")
_CONSIGNMENT = _word(r"代销|寄售|CONSIGNMENT")
_AFTER = {
    Base.ACCEPTANCE: _word(r"(?:签收|验收)后"),
    Base.DELIVERY: _word(r"(?:到货|发货|送货|交货)后"),
    Base.STATEMENT: _word(r"对账后"),
    Base.MONTH_END: _word(r"月[底末]后"),
    Base.INVOICE: _word(r"开票后"),
}
_CUT, _PAY, _LATEST = _word(r"CUT|截止"), _word(r"PAY|付款"), _word(r"LATEST|最迟")
_FROM = _word(r"FROM\s+(INVOICE|DELIVERY|ACCEPTANCE|STATEMENT|MONTH_END)\b")
_ROLL = {
    Roll.NEXT: _word(r"ROLL\s*=\s*NEXT\b|顺延"),
    Roll.PREVIOUS: _word(r"ROLL\s*=\s*PREVIOUS\b|提前"),
    Roll.NONE: _word(r"ROLL\s*=\s*NONE\b"),
}
_STATEMENT_WORDS = frozenset({"cut", "pay", "from", "latest"})
_WORDS_OF = {
    Mode.NET: frozenset({"from", "latest"}),
    Mode.ROLLING: frozenset({"latest"}),
    Mode.CONSIGNMENT: frozenset({"latest"}),
    Mode.FLOAT: frozenset({"latest"}),
}
#: One character for one, so that positions stay those of the text as it was typed.
_PLAIN = {0xFF01 + index: 0x21 + index for index in range(94)} | {0x3000: 0x20}
_UPPER = {ord("a") + index: ord("A") + index for index in range(26)}


class _Scanner:
    """The text and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(_PLAIN).translate(_UPPER)
        self.at = 0
        self.skip()

    def skip(self) -> None:
        while self.plain[self.at : self.at + 1].isspace():
            self.at += 1

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.plain, self.at)
        if found is not None:
            self.at = found.end()
            self.skip()
        return found

    def need(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = self.take(pattern)
        if found is None:
            self.fail("UNREADABLE", self.at)
        return found

    def fail(self, reason: str, at: int) -> NoReturn:
        raise UnknownTerm(term=self.text, position=at, reason=reason)

    def whole(self, found: re.Match[str], low: int, high: int) -> int:
        """The number in a match's first group, inside its limits."""
        number = int(found[1])
        if not low <= number <= high:
            self.fail("OUT_OF_RANGE", found.start(1))
        return number

    def span(self) -> Span:
        return self.span_of(self.need(_SPAN))

    def span_of(self, found: re.Match[str]) -> Span:
        unit = (found[2] or "D")[0]
        if unit in "年Y":
            return Span(self.whole(found, 0, MONTHS_MAX // 12) * 12, Unit.MONTH)
        if unit in "个M":
            return Span(self.whole(found, 0, MONTHS_MAX), Unit.MONTH)
        return Span(self.whole(found, 0, DAYS_MAX))

    def number(self, low: int, high: int) -> int:
        return self.whole(self.need(_NUMBER), low, high)

    def number_or(self, otherwise: int, low: int, high: int) -> int:
        found = self.take(_NUMBER)
        return otherwise if found is None else self.whole(found, low, high)

    def share_of(self, found: re.Match[str]) -> Fraction:
        share = Fraction(found[1]) / 100
        if not 0 < share <= 1:
            self.fail("OUT_OF_RANGE", found.start(1))
        return share


@lru_cache(maxsize=4096)
def parse_term(code: str) -> Term:
    """The term that a code names.  Raises UnknownTerm with the position where reading stopped."""
    scanner = _Scanner(code[: TEXT_MAX + 1])
    if not scanner.plain.strip():
        scanner.fail("EMPTY", 0)
    if len(code) > TEXT_MAX:
        scanner.fail("OUT_OF_RANGE", TEXT_MAX)
    rules, shares = _principal(scanner)
    kept = _retention(scanner)
    roll = _roll(scanner)
    if scanner.at < len(scanner.plain):
        scanner.fail("UNREADABLE", scanner.at)
    left = 1 - sum((part.share for part in kept), Fraction(0))
    shares = shares or [left / len(rules)] * len(rules)
    if sum(shares) != left:
        scanner.fail("SHARES", 0)
    return Term((*map(Part, shares, rules), *kept), roll)


def _principal(scanner: _Scanner) -> tuple[list[Rule], list[Fraction]]:
    """The rules of the parts that are not kept back, and their shares; no shares where the parts are alike."""
    if _RETENTION.match(scanner.plain, scanner.at):
        return [Rule(Mode.NET)], []  # only the retention is said: the rest is due at once
    times = scanner.take(_EQUAL)
    if times is not None:
        count, at = scanner.whole(times, 1, PARTS_MAX), scanner.at
        first = _with_words(scanner, Rule(Mode.NET, scanner.span()))
        longest = first.span.count * count
        if not 0 < longest <= (DAYS_MAX if first.span.unit is Unit.DAY else MONTHS_MAX):
            scanner.fail("OUT_OF_RANGE", at)
        return equal_parts(first, count), []
    share = scanner.take(_SHARE)
    if share is None:
        return [_rule(scanner)], []
    rules, shares = [], [scanner.share_of(share)]
    rules.append(_rule(scanner))
    while scanner.take(_PLUS):
        shares.append(scanner.share_of(scanner.need(_SHARE)))
        rules.append(_rule(scanner))
        if len(rules) > PARTS_MAX:
            scanner.fail("OUT_OF_RANGE", scanner.at)
    return rules, shares


def _rule(scanner: _Scanner) -> Rule:
    for mode, word in _WITHOUT_CREDIT.items():
        if scanner.take(word):
            return Rule(mode, base=NATURAL_BASE.get(mode, Base.INVOICE))
    for mode, word in _STATEMENT.items():
        if scanner.take(word):
            return _with_words(scanner, Rule(mode, Span(scanner.number_or(0, 0, DAYS_MAX))))
    if scanner.take(_ROLLING):
        batches = scanner.number_or(1, 1, BATCHES_MAX)
        return _with_words(scanner, Rule(Mode.ROLLING, base=Base.NEXT_BATCH, batches=batches))
    if scanner.take(_CONSIGNMENT):
        days = scanner.number_or(0, 0, DAYS_MAX)
        return _with_words(scanner, Rule(Mode.CONSIGNMENT, Span(days), Base.SALE_REPORT))
    if scanner.take(_FLOAT):
        return _with_words(scanner, _float(scanner))
    for base, word in _AFTER.items():
        if scanner.take(word):
            return _with_words(scanner, Rule(Mode.NET, scanner.span(), base), "from")
    scanner.take(_NET)
    return _with_words(scanner, Rule(Mode.NET, scanner.span()))


def _float(scanner: _Scanner) -> Rule:
    """An initial stock: with its own end, or so long after the invoice, or until its end is known."""
    until = scanner.take(_DATE)
    if until is not None:
        try:
            return Rule(Mode.FLOAT, until=date(int(until[1]), int(until[2]), int(until[3])))
        except ValueError:
            scanner.fail("OUT_OF_RANGE", until.start(1))
    span = scanner.take(_SPAN)
    return Rule(Mode.FLOAT, base=Base.FLOAT_END) if span is None else Rule(Mode.FLOAT, scanner.span_of(span))


def _with_words(scanner: _Scanner, rule: Rule, *said: str) -> Rule:
    """The rule with the words behind it, in any order, each at most once and only where it means something."""
    seen = dict.fromkeys(said, 0)  # word → where it stands
    while True:
        at = scanner.at
        if scanner.take(_CUT):
            word, rule = "cut", replace(rule, cut=scanner.number(1, 31))
        elif scanner.take(_PAY):
            word, rule = "pay", replace(rule, pay=scanner.number(1, 31))
        elif found := scanner.take(_FROM):
            word, rule = "from", replace(rule, base=Base(found[1]))
        elif scanner.take(_LATEST):
            word, rule = "latest", replace(rule, latest=scanner.span())
        else:
            break
        if word in seen:
            scanner.fail("TWICE", at)
        if word not in _WORDS_OF.get(rule.mode, _STATEMENT_WORDS):
            scanner.fail("NOT_HERE", at)
        seen[word] = at
    if rule.latest is not None and rule.base in KNOWN:  # nothing is waited for
        scanner.fail("NOT_HERE", seen["latest"])
    if rule.mode in STATEMENT_MODES and rule.base is Base.MONTH_END:
        scanner.fail("NOT_HERE", seen["from"])
    return rule


def _retention(scanner: _Scanner) -> list[Part]:
    """The part kept back as security, or none."""
    if not scanner.take(_RETENTION):
        return []
    found = scanner.need(_SHARE)
    share = scanner.share_of(found)
    if share == 1:
        scanner.fail("OUT_OF_RANGE", found.start(1))
    return [Part(share, _with_words(scanner, Rule(Mode.NET, scanner.span())), retention=True)]


def _roll(scanner: _Scanner) -> Roll:
    for roll, word in _ROLL.items():
        if scanner.take(word):
            return roll
    return Roll.NONE
