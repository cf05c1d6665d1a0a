"""Invoices and credit notes that stand alone, landed set-based: the rows the ``record_…`` functions write.

``source`` is a relation as ``exposure.bulk`` wants it, with what is said of tax beside.
"""

from xinheng.desk.exposure import public as exposure
from xinheng.desk.exposure.public import Entry
from xinheng.desk.receivables.models import InvoiceTax

#: What a source may carry beside, and how it looks when nothing was said.
_NO_AMOUNT = "CAST(NULL AS bigint)"
TAX = {"net": _NO_AMOUNT, "tax": _NO_AMOUNT, "tax_rate": "''", "fapiao_code": "''", "fapiao_number": "''"}


def land_documents(entry: Entry, source: str, *, tax: bool) -> int:
    """Land invoices and credit notes; with ``tax`` the source has the columns of ``TAX``."""
    landed = exposure.bulk.land(entry, source)
    if tax:
        said = " OR ".join(
            f"{name} IS NOT NULL" if empty == _NO_AMOUNT else f"{name} <> {empty}" for name, empty in TAX.items()
        )
        exposure.bulk.land_beside(
            InvoiceTax, f"{source} WHERE {said}", {"document_id": "document_id"} | {name: name for name in TAX}
        )
    return landed
