"""An installation as people have it: a home, a database of the engine in use, and the command line in front of them."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: What the tests' own surroundings must not tell an installation.
_OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "XINHENG_TESTING", "XINHENG_TOKEN", "XINHENG_HOSTS")


@dataclass
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Installation:
    """One home with one database; ``environment`` is what its commands are told."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def surroundings(self, **more: str) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if name not in _OURS}
        return {**plain, "XINHENG_HOME": str(self.home), "XINHENG_LANG": "en", **self.environment, **more}

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "xinheng.site.cli", *map(str, words)]

    def run(self, *words: str | Path, typed: str = "", **more: str) -> Answer:
        """Run a command to its end."""
        done = subprocess.run(
            self.command(*words), cwd=ROOT, env=self.surroundings(**more), input=typed, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    def does(self, *words: str | Path, **more: str) -> Answer:
        """Run a command that must succeed."""
        answer = self.run(*words, **more)
        assert answer.code == 0, (words, answer.out, answer.err)
        return answer

    def python(self, code: str, *words: str, **more: str) -> str:
        """Run Python inside this installation, Django ready."""
        started = f"import django, os; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", started, *words], cwd=ROOT, capture_output=True, text=True, check=False,
            env=self.surroundings(DJANGO_SETTINGS_MODULE="xinheng.site.settings", **more),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def empty(place: Path) -> Iterator[Installation]:
    """Nothing but a home to be and, where the tests run on PostgreSQL, an empty database."""
    with _installed(place, template="") as made:
        yield made


@contextmanager
def copied(original: Installation, place: Path) -> Iterator[Installation]:
    """Another installation with the same books and secrets; nobody works in the original meanwhile."""
    with _installed(place, template=original.environment.get("DATABASE_URL", "").rpartition("/")[2]) as made:
        shutil.copytree(original.home, made.home)
        yield made


@contextmanager
def _installed(place: Path, *, template: str) -> Iterator[Installation]:
    name = f"home_{secrets.token_hex(5)}"
    home = place / name
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield Installation(home)
        shutil.rmtree(home, ignore_errors=True)
        return
    import psycopg

    server = os.environ["XINHENG_TEST_POSTGRES"]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        try:
            yield Installation(home, {"DATABASE_URL": f"{server}/{name}"})
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(home, ignore_errors=True)
