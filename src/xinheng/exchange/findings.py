"""What is wrong with a row of a file, or worth knowing about it: where, what stood there, and why, as a stable code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about one cell.  ``line`` counts as the file does.

    ``column`` is the heading in the file, else the field; ``params`` fill the sentence of ``code`` (``base.messages``).
    """

    line: int
    column: str
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
