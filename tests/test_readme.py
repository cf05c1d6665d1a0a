"""What the READMEs and the deploy folder say is so."""

import re
import subprocess

import pytest

from tests.installation import ROOT
from xinheng.site.cli import _COMMANDS

READMES = ("README.md", "README.zh.md")
DEPLOY = ROOT / "deploy"
#: Settings of tests and developers, and what the command line's own page tells.
ELSEWHERE = {"XINHENG_TESTING", "XINHENG_TEST_POSTGRES", "XINHENG_TEST_CHROMIUM", "XINHENG_DEBUG", "XINHENG_LANG"} | {
    "XINHENG_TOKEN",
    "XINHENG_HOST",  # of compose.yaml only
}


def variables(text):
    return set(re.findall(r"\bXINHENG_[A-Z_]+\b", text))


def sources():
    paths = [*(ROOT / "src").rglob("*.py"), *DEPLOY.iterdir()]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_explained_and_none_that_nobody_reads(name):
    said, read = variables((ROOT / name).read_text(encoding="utf-8")), variables(sources())
    assert read - said - ELSEWHERE == set()
    assert said - read == set()


@pytest.mark.parametrize("name", READMES)
def test_every_file_and_command_named_is_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = [path for path in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in path]
    named = re.findall(r"`((?:docs|deploy|benchmarks)/[\w./-]+|CONTRIBUTING\.md)`", text)
    missing = [path for path in linked + named if not (ROOT / path).exists()]
    assert [path for path in missing if path != "benchmarks/RESULTS.md"] == []
    commands = re.findall(r"(?:^|[`/ ])xinheng ([a-z]+)", text, re.MULTILINE)
    assert set(commands) <= set(_COMMANDS)
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[0].split()
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) <= set(targets)


def test_both_readmes_say_the_same_commands():
    blocks = [re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL) for name in READMES]
    plain = [re.findall(r"(?:make \w+|xinheng \w+(?: \w+)?)", "\n".join(one)) for one in blocks]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.glob("*.sh")))
def test_a_script_of_the_deploy_folder_can_be_read_by_a_shell(name):
    assert (DEPLOY / name).stat().st_mode & 0o111
    subprocess.run(["sh", "-n", DEPLOY / name], check=True)


def test_a_worker_stands_beside_the_server_wherever_it_is_put():
    compose, unit, start = (
        (DEPLOY / name).read_text() for name in ("compose.yaml", "xinheng-worker.service", "start.sh")
    )
    worker = re.search(r"\n  worker:.*?(?=\n\n)", compose, re.DOTALL)[0]
    assert "jobs, run]" in worker
    assert "home:/var/lib/xinheng" in worker, "large exports are made here and fetched from the server"
    assert "xinheng jobs run\n" in unit
    assert "jobs run" not in start, "one worker is enough"
    assert "xinheng-worker.service" in (DEPLOY / "xinheng.service").read_text()


def test_every_timer_has_its_service_and_every_path_is_there():
    for timer in DEPLOY.glob("*.timer"):
        assert timer.with_suffix(".service").is_file()
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        for path in re.findall(r"/opt/xinheng/(deploy/[\w.]+)", text):
            assert (ROOT / path).is_file()
        assert set(re.findall(r"bin/xinheng ([a-z]+)", text)) <= set(_COMMANDS)
