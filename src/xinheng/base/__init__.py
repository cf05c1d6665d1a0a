"""What every chapter stands on: people and their rights, the company's day, the signed policy, the audit trail.

Nothing in here knows what a customer or an order is.
"""
