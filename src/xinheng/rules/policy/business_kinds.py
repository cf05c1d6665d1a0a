"""Kinds of policy values that belong to this business: amounts of money per currency, and who has to sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from re import fullmatch
from typing import Any

from xinheng.rules.currencies import DECIMALS
from xinheng.rules.policy.kinds import Choice, Kind, Listing, ProblemCode, Reading, Table, Text, Whole
from xinheng.rules.signers import SignerKind, SignerRule


@dataclass(frozen=True, slots=True)
class Amount(Kind):
    """An amount of money in whole currency units, written as text so that no decimal is lost: "100", "99.50"."""

    unit: str = "money"

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> Decimal | None:
        written = str(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
        if not fullmatch(r"[0-9]{1,15}(\.[0-9]{1,4})?", written):
            reading.refuse(at, raw, ProblemCode.NOT_AN_AMOUNT, '"0" .. "999999999999999.9999"')
            return None
        return Decimal(written)

    def write(self, value: Any) -> Any:
        return f"{value:f}"


@dataclass(frozen=True, slots=True)
class Amounts(Kind):
    """An amount per currency; "*" speaks for all currencies that are not named, an empty table means no bound.

    ``every`` one has to be spoken for: a stricter rule that a foreign currency escapes would be none.
    """

    unit: str = "money per currency"
    every: bool = False

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> dict[str, Decimal]:
        table: dict[str, Decimal] = Table(Amount(), pattern=r"[A-Z]{3}|\*").read(raw, at, reading)
        for currency in table:
            if fullmatch("[A-Z]{3}", currency) and currency not in DECIMALS:
                reading.refuse(f"{at}.{currency}", currency, ProblemCode.UNKNOWN_CURRENCY)
        if self.every and "*" not in table:
            reading.refuse(f"{at}.*", "", ProblemCode.MISSING, self.expected)
        return table

    def write(self, value: Any) -> Any:
        return {currency: Amount().write(amount) for currency, amount in value.items()}

    @property
    def expected(self) -> str:
        return '{ "*" = "100", CNY = "500" }'


@dataclass(frozen=True, slots=True)
class Signers(Kind):
    """A signer rule: ``{ kind = "ALL_OF", roles = ["SALES_DIRECTOR", "FINANCE_DIRECTOR"] }``; N_OF, and it alone, has
    ``n``."""

    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> SignerRule | None:
        if not isinstance(raw, Mapping):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
            return None
        fields = ("kind", "roles", "n") if raw.get("kind") == SignerKind.N_OF else ("kind", "roles")
        for key in raw:
            if key not in fields:
                reading.refuse(f"{at}.{key}", raw[key], ProblemCode.UNKNOWN_FIELD, self.expected)
        for key in fields:
            if key not in raw:
                reading.refuse(f"{at}.{key}", "", ProblemCode.MISSING, self.expected)
        read = {key: _FIELDS[key].read(raw[key], f"{at}.{key}", reading) for key in fields if key in raw}
        return SignerRule(**read) if len(read) == len(fields) else None

    def write(self, value: Any) -> Any:
        plain = {"kind": str(value.kind), "roles": list(value.roles)}
        return {**plain, "n": value.n} if value.kind is SignerKind.N_OF else plain

    @property
    def expected(self) -> str:
        return "{kind = " + " | ".join(SignerKind) + ", roles = […], n = 1..9}"


_FIELDS: dict[str, Kind] = {
    "kind": Choice(tuple(SignerKind), SignerKind),
    "roles": Listing(Text(r"[A-Z][A-Z0-9_]{0,39}"), low=1),
    "n": Whole(1, 9),
}
