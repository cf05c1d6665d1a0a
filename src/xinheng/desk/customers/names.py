"""Finding a customer by whatever a person types: code, name in Chinese or English, pinyin, initials, tax id."""

from functools import lru_cache

from stdnum import lei
from stdnum.cn import uscc
from stdnum.eu import vat

from xinheng.base.errors import BadInput


class BadTaxId(BadInput):
    """Looks like an identifier of a known kind, but its check digit or form is wrong.  params: value."""

    code = "BAD_TAX_ID"


@lru_cache(maxsize=4096)
def search_text(code: str, name: str, name_en: str, tax_id: str) -> str:
    """What the search looks through, lower case, parts separated by a bar."""
    from pypinyin import Style, lazy_pinyin

    parts = [code, name, name_en, tax_id]
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        parts += ["".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))]
    return "|".join(part.lower() for part in parts if part)


def checked_tax_id(value: str) -> str:
    """A tax id as it is kept: 统一社会信用代码, EU VAT number or LEI with their check digits; others as they are.

    Raises:
        BadTaxId: 18 letters and digits that are no 统一社会信用代码, 20 that are no LEI, or a wrong EU VAT number.
    """
    compact = "".join(value.split()).replace("-", "").upper()
    if not compact:
        return ""
    if len(compact) == 18 and compact.isalnum():
        valid = uscc.is_valid(compact)
    elif len(compact) == 20 and compact.isalnum():
        valid = lei.is_valid(compact)
    elif compact[:2].lower() in vat.MEMBER_STATES and len(compact) > 2:
        valid = vat.is_valid(compact)
    else:
        return value.strip()
    if not valid:
        raise BadTaxId(value=value)
    return compact
