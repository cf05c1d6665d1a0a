"""Files brought in through the page: kept as evidence, looked at, corrected, landed (screens.md, Import)."""
