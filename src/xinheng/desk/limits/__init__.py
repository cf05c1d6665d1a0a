"""Credit lines 授信额度: how much and for how long a customer or group may owe, and what stops it.

Limits with validity and temporary increases, terms, holds.  A customer without a line is a cash customer.
"""
