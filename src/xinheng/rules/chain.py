"""The audit trail as a chain: every line carries the fingerprint of the line before it.

Whoever changes, removes or slips in a line breaks every fingerprint after it, and ``verify`` names the first one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

GENESIS = ""


def fingerprint(previous: str, content: Mapping[str, object]) -> str:
    """SHA-256 in hex over the previous fingerprint and the content as canonical JSON.

    The content holds text, whole numbers, booleans, None and nested lists or mappings of these.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_break(lines: Iterable[tuple[str, Mapping[str, object]]]) -> int | None:
    """The index of the first line whose (fingerprint, content) does not follow from the line before; None if whole."""
    previous = GENESIS
    for index, (digest, content) in enumerate(lines):
        if digest != fingerprint(previous, content):
            return index
        previous = digest
    return None


def root(heads: Iterable[tuple[str, str]]) -> str:
    """One fingerprint over the heads of all chains, (stream, head), whatever order they come in."""
    return hashlib.sha256("\n".join(f"{stream} {head}" for stream, head in sorted(heads)).encode()).hexdigest()
