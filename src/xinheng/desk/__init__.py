"""The chapters, in book order; each refers only to earlier ones, through their public faces."""
