"""Money and paper that come in 收款与票据: receipts, deposits, cheques and bills.

A cheque is not money until the bank says so; a deposit never lowers what is owed.
"""
