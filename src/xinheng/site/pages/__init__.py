"""Pages that look over all chapters: overview, search, one customer from every side, the language."""
