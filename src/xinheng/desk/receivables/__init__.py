"""Receivables 应收账款: invoices, credit notes, allocation and ageing.

Open items carry debit and credit; money settles invoices through allocations that can be undone, and every list can be
shown as of any day.
"""
