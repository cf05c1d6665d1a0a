"""Files that somebody asks to be written: whether that can be done is found out before the work begins, not after it.

What the operating system says is put into the reader's language; it only ever says it in one.
"""

import errno
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinheng.base.errors import XinhengError

_WHY: dict[int, Promise] = {
    errno.ENOENT: _("there is no such folder"),
    errno.ENOTDIR: _("there is no such folder"),
    errno.EISDIR: _("it is a folder"),
    errno.EACCES: _("the right to write there is missing"),
    errno.EPERM: _("the right to write there is missing"),
    errno.EROFS: _("nothing can be written on this disk"),
    errno.ENOSPC: _("the disk is full"),
    errno.EDQUOT: _("the disk is full"),
    errno.ENAMETOOLONG: _("the name is too long"),
    errno.EINVAL: _("this is no name for a file"),
}


class NotWritten(XinhengError):
    """The file cannot be written there.  params: path, said."""

    code = "FILE_NOT_WRITTEN"


def why(error: OSError | ValueError) -> object:
    """What stands in the way, in words."""
    known = _WHY.get(error.errno or 0) if isinstance(error, OSError) else _WHY[errno.EINVAL]
    return known or error


def require_writable(path: Path) -> None:
    """Stop here unless a file can be written at ``path``; what is there already stays as it is.

    Raises:
        NotWritten
    """
    try:
        if path.exists():
            with path.open("ab"):
                return
        with path.open("xb"):
            pass
        path.unlink()
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        raise NotWritten(path=str(path), said=why(error)) from None
