"""The command line as somebody types it, in this process: exit code, what was said, and the one JSON value."""

import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import translation

from xinheng.base import people
from xinheng.base.models import User
from xinheng.site import cli, founding


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The stable code of a failure."""
        return str(self.json["error"]["code"])


class CommandLine:
    """Types commands; ``by`` acts with that user's token."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *words: object, lang: str = "en", by: User | None = None) -> Said:
        self.monkeypatch.setenv("XINHENG_LANG", lang)
        if by is None:
            self.monkeypatch.delenv("XINHENG_TOKEN", raising=False)
        else:
            secret, _ = people.new_token(by.username, days=1, label="test", by=founding.console())
            self.monkeypatch.setenv("XINHENG_TOKEN", secret)
        self.monkeypatch.setattr(sys, "argv", ["xinheng", *map(str, words)])
        self.capsys.readouterr()
        before, code = translation.get_language(), 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        finally:
            translation.activate(before or "en")
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)
