"""Receivables over HTTP: ageing, invoices, credit notes, allocations, bad debt, months."""

from xinheng.desk.receivables.api import ageing, allocations, documents, months

ROOMS = (ageing.room, allocations.room, documents.room, months.room)
