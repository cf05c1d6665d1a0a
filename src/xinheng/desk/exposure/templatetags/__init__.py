"""What templates may say about the ledger."""
