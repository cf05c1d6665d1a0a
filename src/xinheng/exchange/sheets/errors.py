"""Why a file as a whole cannot be read as a table.

Nothing has been taken from it then.  What is wrong with single rows is a ``Finding`` and does not stop the reading.
"""

from xinheng.base.errors import BadInput

_MEGABYTE = 1 << 20


class BadFile(BadInput):
    """The file cannot be used.  params: path (its name), and often line."""

    code = "FILE_BAD"


class Absent(BadFile):
    """There is no such file, or it may not be read.  params: path."""

    code = "FILE_ABSENT"


class NotAFile(BadFile):
    """A directory, a device, a pipe.  params: path."""

    code = "FILE_NOT_A_FILE"


class Empty(BadFile):
    """Nothing in it.  params: path."""

    code = "FILE_EMPTY"


class TooLarge(BadFile):
    """Larger than IMPORT_MAX_BYTES, as it lies there or once it is unpacked.  params: path, size, most (megabytes)."""

    code = "FILE_TOO_LARGE"

    def __init__(self, *, path: str, size: int, most: int) -> None:
        """Both in bytes; the sentence says megabytes, the size rounded up so that it is never what is allowed."""
        super().__init__(path=path, size=-(-size // _MEGABYTE), most=most // _MEGABYTE)


class FarCell(BadFile):
    """A cell stands so far from the others that the sheet cannot be laid out.  params: path, rows, columns."""

    code = "FILE_FAR_CELL"


class NotATable(BadFile):
    """A picture, a PDF, a program's own format.  params: path, what."""

    code = "FILE_NOT_A_TABLE"


class Damaged(BadFile):
    """A workbook that is cut off or broken inside.  params: path, details."""

    code = "FILE_DAMAGED"


class Encrypted(BadFile):
    """A workbook with a password.  params: path."""

    code = "FILE_ENCRYPTED"


class NoSuchSheet(BadFile):
    """The workbook has no sheet of that name, or none to see.  params: path, sheet, sheets."""

    code = "FILE_NO_SUCH_SHEET"


class BadEncodingName(BadFile):
    """Nobody knows an encoding of this name.  params: encoding, choices."""

    code = "FILE_ENCODING_NAME"


class EncodingUnclear(BadFile):
    """The bytes can be read in several ways, or in none.  params: path, line, readings."""

    code = "FILE_ENCODING_UNCLEAR"


class BrokenEncoding(BadFile):
    """A place in the file is not in the encoding of the rest.  params: path, line, encoding."""

    code = "FILE_ENCODING_BROKEN"


class BadDelimiter(BadFile):
    """Cells can be divided only by one of a few characters.  params: delimiter."""

    code = "FILE_DELIMITER_BAD"


class DelimiterUnclear(BadFile):
    """The headings can be divided in two ways.  params: path, delimiters."""

    code = "FILE_DELIMITER_UNCLEAR"


class NoHeadings(BadFile):
    """The first line says no names of columns.  params: path, line, found."""

    code = "FILE_NO_HEADINGS"


class BadHeading(BadFile):
    """A heading with control characters, broken quotes or an endless text.  params: path, line."""

    code = "FILE_HEADING_BAD"


class TooManyColumns(BadFile):
    """More columns than any of our tables has.  params: path, found, most."""

    code = "FILE_TOO_MANY_COLUMNS"


class NoRows(BadFile):
    """Headings and nothing below them.  params: path."""

    code = "FILE_NO_ROWS"


class UnclosedQuote(BadFile):
    """A quotation mark that never closes and would swallow the rest of the file.  params: path, line."""

    code = "FILE_UNCLOSED_QUOTE"


class EndlessLine(BadFile):
    """A line longer than any row can be.  params: path, line, most."""

    code = "FILE_ENDLESS_LINE"


class ChangedMeanwhile(BadFile):
    """The file is not the one it was when it was opened.  params: path."""

    code = "FILE_CHANGED"


class MergedHeadings(BadFile):
    """The first row is a title over several columns, or headings that are merged or formulas.  params: path, line."""

    code = "FILE_HEADINGS_MERGED"
