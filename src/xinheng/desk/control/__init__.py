"""The credit check 信用检查: may this order, change, delivery or invoice go ahead?

Gathers the facts under the lock, asks the rule book, keeps the decision with everything it saw, holds, releases and
rejects.
"""
