"""The table of a file as the person importing it wants it read: its encoding, its sheet, the cells they corrected."""

from pathlib import Path

from xinheng.exchange.options import Options
from xinheng.exchange.sheets import BadFile, Sheet, open_sheet
from xinheng.exchange.sheets.corrected import Corrected


def opened(path: Path, options: Options) -> Sheet:
    """The table in the file; a context manager.

    Raises:
        BadFile: it names the file as people call it.
    """
    try:
        sheet = open_sheet(path, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet)
    except BadFile as refused:
        called(refused, options)
        raise
    return Corrected(sheet, options.corrections) if options.corrections else sheet


def called(refused: BadFile, options: Options) -> None:
    """Let a refusal name the file as people call it, not as it is kept."""
    if options.file_name and "path" in refused.params:
        refused.params["path"] = options.file_name
