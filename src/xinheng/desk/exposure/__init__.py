"""The ledger of exposure 信用占用: what every customer owes or is about to owe.

Entities, credit accounts, documents, the positions where their value stands, the movements between them, balances and
totals by due day, and the lock on whoever holds a limit.  Everything later posts here and nowhere else.
"""
