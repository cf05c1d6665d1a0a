"""The credit check: may this order be taken, changed, delivered, invoiced (OC-001 … OC-013, LM-003)?

Frozen facts and a policy in, one decision out, with every reason and every way to free the order.
"""
