"""The lines of a text file, a block at a time, with what each block may hide noted as it is read.

A file has millions of cells and nearly none of them is odd.  So whole blocks are asked, at the speed of the machine,
whether anything in them is out of the ordinary; only the rows of such blocks are then looked at cell by cell.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from xinheng.exchange.sheets.cells import CELL_MAX, HIGH_CONTROLS, WIDE_BLANKS
from xinheng.exchange.sheets.encodings import Encoding
from xinheng.exchange.sheets.errors import BrokenEncoding, EndlessLine

BLOCK = 1 << 18
#: In characters.  Nothing that people call a row is longer.
LINE_MAX = 1 << 20

_ENDS = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_END = re.compile(r"\r\n|\r|\n")
#: Control characters of ASCII, ends of lines apart.
_ODD_BYTES = bytes({*range(32), 127} - {10, 13})
_ODD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{HIGH_CONTROLS}{WIDE_BLANKS}]")
_SPREADSHEET_ERROR = re.compile(
    r"#(?:N/A|NULL!|DIV|VALUE!|REF!|NAME\?|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING|#)", re.I
)


class Lines:
    """One pass through the lines of a file.

    ``count`` lines have been handed out, ``read`` bytes have been read; ``digest`` is there once all of them have.
    ``odd_until`` is the last line of the last block in which a cell may be wrong, ``blank_until`` of the last one in
    which a cell may have blanks around it.
    """

    def __init__(self, file: BinaryIO, encoding: Encoding, *, path: Path, delimiter: str) -> None:
        self.count = 0
        self.read = 0
        self.digest = ""
        self.odd_until = self.blank_until = 0
        self._file = file
        self._encoding = encoding
        self._path = path
        self._tabs = delimiter == "\t"
        self._odd_bytes = bytes(set(_ODD_BYTES) - {9}) if self._tabs else _ODD_BYTES
        self._edges = tuple(pair for end in (delimiter, "\n", "\r", '"') for pair in (" " + end, end + " "))

    def blocks(self) -> Iterator[list[str]]:
        """The lines with their ends, some thousand at a time.  Raises BrokenEncoding, EndlessLine."""
        digest = hashlib.sha256()
        decoder = codecs.getincrementaldecoder(self._encoding.codec)("strict")
        skip, rest = self._encoding.mark, ""
        while raw := self._file.read(BLOCK):
            self.read += len(raw)
            digest.update(raw)
            text = rest + self._decoded(decoder, raw[skip:], rest)
            skip = 0
            cut = _last_end(text)
            rest = text[cut:]
            if len(rest) > LINE_MAX:
                raise EndlessLine(path=self._path.name, line=self.count + 1, most=LINE_MAX)
            if cut:
                yield self._noted(text[:cut])
        rest += self._decoded(decoder, b"", rest)
        if rest:
            yield self._noted(rest)
        self.digest = digest.hexdigest()

    def _decoded(self, decoder: codecs.IncrementalDecoder, raw: bytes, rest: str) -> str:
        try:
            return decoder.decode(raw, not raw)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(self._encoding.codec, "replace")
            line = self.count + 1 + len(_END.findall(rest + before))
            raise BrokenEncoding(path=self._path.name, line=line, encoding=self._encoding.name) from None

    def _noted(self, text: str) -> list[str]:
        """The lines of a block, counted; what may be wrong with it is noted."""
        odd, blank = self._looked_at(text)
        # splitlines would also break lines at control characters, which a block that is not odd has not got
        lines = _ENDS.findall(text) if odd else text.splitlines(keepends=True)
        self.count += len(lines)
        if odd or max(map(len, lines)) > CELL_MAX:
            self.odd_until = self.count
        if odd or blank:
            self.blank_until = self.count
        return lines

    def _looked_at(self, text: str) -> tuple[bool, bool]:
        """Whether the text of a block may hold odd cells, and cells with blanks around them."""
        if text.isascii():
            plain = text.encode("ascii")
            odd = len(plain.translate(None, self._odd_bytes)) != len(plain)
        else:
            odd = _ODD.search(text) is not None or (not self._tabs and "\t" in text)
        if not odd and "#" in text:
            odd = _SPREADSHEET_ERROR.search(text) is not None
        blank = " " in text and (text[0] == " " or text[-1] == " " or any(pair in text for pair in self._edges))
        return odd, blank


def _last_end(text: str) -> int:
    """Where the last line that has surely ended ends; a carriage return at the very end may be half of a pair."""
    return max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
