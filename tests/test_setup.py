"""Set-up remembers what it made, takes npm or does without, and finds a Python that can run this."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup
from tests.installation import ROOT


def test_a_digest_tells_names_contents_and_absence_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    seen = {setup.digest([one]), setup.digest([two]), setup.digest([one, two])}
    one.write_text("b")
    seen.add(setup.digest([one]))
    assert len(seen) == 4


def test_what_was_made_is_remembered_and_a_spoilt_memory_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "STATE", tmp_path / "state.json")
    setup.State().remember(tools="x")
    assert setup.State().made == {"tools": "x"}
    (tmp_path / "state.json").write_text("{")
    assert setup.State().made == {}


@pytest.mark.parametrize(("said", "usable"), [("11.17.0", True), ("7.0.1", True), ("6.14.0", False), ("broken", False)])
def test_an_npm_too_old_to_read_the_lock_is_none(tmp_path, monkeypatch, said, usable):
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    assert (setup.npm_directory() == tmp_path) is usable


def test_without_node_there_is_no_npm(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert setup.npm_directory() is None


def test_an_environment_whose_python_is_gone_has_no_version(tmp_path):
    assert setup.version_of(tmp_path / "python") == ()
    assert setup.version_of(sys.executable)[:2] == sys.version_info[:2]


def test_without_a_python_that_suits_it_says_so_in_both_languages(tmp_path):
    for name in ("sh", "tr", "ls", "sort", "tail", "dirname", "cat"):
        (tmp_path / name).symlink_to(next(p for p in (f"/bin/{name}", f"/usr/bin/{name}") if Path(p).exists()))
    done = subprocess.run(
        ["/bin/sh", "scripts/setup.sh"], cwd=ROOT, env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Python 3.12" in done.stderr
    assert "需要 Python 3.12" in done.stderr


def test_ci_is_a_script_that_a_shell_can_read_and_leaves_nothing_out():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text(encoding="utf-8")
    assert "make check" in text
    assert "make test" in text
    assert "export CI=" in text
