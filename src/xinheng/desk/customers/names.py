"""What identifies a customer: tax ids with their check digits, and the text a search looks through."""

from stdnum import lei
from stdnum.cn import uscc
from stdnum.eu import vat

from xinheng.base.errors import BadInput
from xinheng.desk.customers.readings import plain, readings


class BadTaxId(BadInput):
    """Looks like an identifier of a known kind, but its check digit or form is wrong.  params: value."""

    code = "BAD_TAX_ID"


def search_text(code: str, name: str, name_en: str, tax_id: str) -> str:
    """What the search looks through, parts separated by a bar: code, names, pinyin, initials, tax id."""
    return "|".join(part for part in (*map(plain, (code, name, name_en, tax_id)), *readings(name)) if part)


def checked_tax_id(value: str) -> str:
    """A tax id as it is kept: 统一社会信用代码, EU VAT number or LEI with their check digits; others as they are.

    Raises:
        BadTaxId: 18 letters and digits that are no 统一社会信用代码, 20 that are no LEI, or a wrong EU VAT number.
    """
    compact = "".join(plain(value).split()).replace("-", "").upper()
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
