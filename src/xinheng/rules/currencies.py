"""The currencies a company may be owed in, and how many decimals each of them has.

Money is kept in whole minor units, so everything that reads or shows an amount first asks here how many decimals the
currency has: none for the yen, two for the yuan, three for the Kuwaiti dinar, four for the Chilean unit of account.
Source: ISO 4217 table A.1 (currencies and funds).  Codes that are no money (gold, silver, bond units, XDR, XTS, XXX)
are left out.  Codes withdrawn in recent years stay, because documents live longer than currencies.
"""

from xinheng.rules.errors import RuleError


class UnknownCurrency(RuleError):
    """A currency code that is not on the list.  params: currency."""

    code = "UNKNOWN_CURRENCY"


_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
        COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
        INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
        MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
        STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
#: Withdrawn since 2021, all with two decimals: Bulgaria and Croatia took the euro, the others were renamed or replaced.
_WITHDRAWN = "ANG BGN CUC HRK SLL ZWL"

#: Every currency in use, with its decimals, in alphabetical order; what a form offers.
ACTIVE: dict[str, int] = dict(sorted((code, n) for n, codes in _BY_DECIMALS.items() for code in codes.split()))
#: Every currency a document may be in: those in use and those withdrawn lately.
DECIMALS: dict[str, int] = ACTIVE | dict.fromkeys(_WITHDRAWN.split(), 2)


def decimals(code: str) -> int:
    """How many decimals the currency has (0 to 4).  ``code`` is exact: three capital letters.

    Raises UnknownCurrency.
    """
    try:
        return DECIMALS[code]
    except KeyError:
        raise UnknownCurrency(currency=code) from None
