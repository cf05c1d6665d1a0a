"""Kinds of policy values that belong to this business: amounts of money per currency, and who has to sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
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
        try:
            value = Decimal(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else None
        except InvalidOperation:
            value = None
        if value is None or not value.is_finite() or not 0 <= value < 10**15:
            reading.refuse(at, raw, ProblemCode.NOT_AN_AMOUNT, '"0" .. "999999999999999"')
            return None
        return value

    def write(self, value: Any) -> Any:
        return f"{value:f}"


@dataclass(frozen=True, slots=True)
class Amounts(Kind):
    """An amount per currency; "*" speaks for all currencies that are not named, an empty table means no bound."""

    unit: str = "money per currency"

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> dict[str, Decimal]:
        table: dict[str, Decimal] = Table(Amount(), pattern=r"[A-Z]{3}|\*").read(raw, at, reading)
        for currency in table:
            if fullmatch("[A-Z]{3}", currency) and currency not in DECIMALS:
                reading.refuse(f"{at}.{currency}", currency, ProblemCode.UNKNOWN_CURRENCY)
        return table

    def write(self, value: Any) -> Any:
        return {currency: Amount().write(amount) for currency, amount in value.items()}

    @property
    def expected(self) -> str:
        return '{ "*" = "100", CNY = "500" }'


@dataclass(frozen=True, slots=True)
class Signers(Kind):
    """A signer rule: ``{ kind = "ALL_OF", roles = ["SALES_DIRECTOR", "FINANCE_DIRECTOR"] }``, for N_OF with ``n``."""

    unit: str = ""

    def read(self, raw: object, at: str, reading: Reading, base: Any = None) -> SignerRule | None:
        if not isinstance(raw, Mapping):
            reading.refuse(at, raw, ProblemCode.WRONG_TYPE, self.expected)
            return None
        for key in set(raw) - {"kind", "roles", "n"}:
            reading.refuse(f"{at}.{key}", raw[key], ProblemCode.UNKNOWN_FIELD, self.expected)
        kind = Choice(tuple(SignerKind), SignerKind).read(raw.get("kind", ""), f"{at}.kind", reading)
        roles = Listing(Text(r"[A-Z][A-Z0-9_]{0,39}"), low=1).read(raw.get("roles", ""), f"{at}.roles", reading)
        n = Whole(1, 9).read(raw.get("n", 1), f"{at}.n", reading)
        if kind is None or n is None:
            return None
        return SignerRule(kind, roles, n)

    def write(self, value: Any) -> Any:
        plain = {"kind": str(value.kind), "roles": list(value.roles)}
        return {**plain, "n": value.n} if value.kind is SignerKind.N_OF else plain

    @property
    def expected(self) -> str:
        return "{kind = " + " | ".join(SignerKind) + ", roles = […], n = 1..9}"
