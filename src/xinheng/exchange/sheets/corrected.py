"""A table some of whose cells were corrected by people: the file stays the evidence, its rows say the new text."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping

from xinheng.exchange.sheets.sheet import Chunk, Sheet


class Corrected(Sheet):
    """``sheet`` with other texts in some cells; ``corrections`` is line → heading → text.

    What could not be read as a row cannot be corrected cell by cell and stays a finding.
    """

    def __init__(self, sheet: Sheet, corrections: Mapping[int, Mapping[str, str]]) -> None:
        self.sheet = sheet
        self.path, self.size = sheet.path, sheet.size
        self.headings, self.encoding = sheet.headings, sheet.encoding
        places = {heading: place for place, heading in enumerate(sheet.headings)}
        self._cells = {
            line: {places[heading]: text for heading, text in cells.items() if heading in places}
            for line, cells in sorted(corrections.items())
        }

    def digest(self) -> str:
        return self.sheet.digest()

    def close(self) -> None:
        self.sheet.close()

    def chunks(self, size: int = 20_000, *, used: Collection[int] | None = None) -> Iterator[Chunk]:
        for chunk in self.sheet.chunks(size, used=used):
            for line, cells in self._cells.items():
                at = bisect_left(chunk.lines, line)
                if at < len(chunk.lines) and chunk.lines[at] == line:
                    row = list(chunk.rows[at])
                    for place, text in cells.items():
                        row[place] = text
                    chunk.rows[at] = row
            yield chunk
