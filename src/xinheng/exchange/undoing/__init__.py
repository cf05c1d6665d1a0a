"""Undoing a whole batch (semantics.md 5): reversing entries, while nothing later depends on it."""

from xinheng.exchange.undoing.batch import BatchInUse, batch_by_number, undo_batch

__all__ = ["BatchInUse", "batch_by_number", "undo_batch"]
