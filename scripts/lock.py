"""Resolve the dependencies of pyproject.toml and package.json again and write the locks (`make lock`).

What is already locked stays at its version while the ranges allow it; UPGRADE=1 takes the newest. The locks carry
versions and digests, never an address or a path of the machine that made them. `--check` only tells whether each lock
still answers what pyproject.toml and package.json ask for; it needs no network.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"
OLDEST_PYTHON = "3.12"
#: Each lock, where its names come from, and the locks whose versions it must agree with (they are installed together).
LOCKS = {
    "setup": (["--group", "setup"], []),
    "run": (["pyproject.toml"], ["setup"]),
    "dev": (["pyproject.toml", "--group", "dev"], ["setup", "run"]),
    "node": (["--group", "node"], []),
}


def resolve(name: str) -> None:
    """Write requirements/<name>.txt, for every platform and every supported Python at once."""
    sources, agree_with = LOCKS[name]
    words = [
        str(UV),
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        OLDEST_PYTHON,
        "--generate-hashes",
    ]
    words += ["--no-header", "--no-annotate", "--output-file", f"requirements/{name}.txt"]
    words += ["--upgrade"] if os.environ.get("UPGRADE") == "1" else []
    words += [word for other in agree_with for word in ("--constraints", f"requirements/{other}.txt")]
    print(f"  requirements/{name}.txt", flush=True)
    subprocess.run([*words, *sources], cwd=ROOT, check=True)


def resolve_assets() -> None:
    """Write package-lock.json; npm's links to sponsors and the like are left out of it."""
    npm = shutil.which("npm")
    if not npm:
        sys.exit("npm is needed to lock the static assets again; package-lock.json was left as it is.")
    print("  package-lock.json", flush=True)
    subprocess.run([npm, "install", "--package-lock-only", "--loglevel=error"], cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        for field in ("resolved", "funding"):
            package.pop(field, None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def asked(sources: list[str]) -> list[Requirement]:
    """What pyproject.toml asks for at the places named in LOCKS."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    words = list(project["project"]["dependencies"]) if "pyproject.toml" in sources else []
    for group in set(sources) & set(project["dependency-groups"]):
        words += project["dependency-groups"][group]
    return [Requirement(word) for word in words]


def stale() -> Iterator[str]:
    """Requirements that their lock does not answer."""
    for name, (sources, _) in LOCKS.items():
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        locked = {
            canonicalize_name(pin): version for pin, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
        }
        for wanted in asked(sources):
            version = locked.get(canonicalize_name(wanted.name))
            if version is None or version not in wanted.specifier:
                yield f"requirements/{name}.txt has {version or 'nothing'} for {wanted}"
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    if manifest["dependencies"] != json.loads((ROOT / "package-lock.json").read_text())["packages"][""]["dependencies"]:
        yield "package-lock.json was made for other dependencies than package.json names"


def main() -> int:
    if "--check" in sys.argv:
        faults = list(stale())
        print("\n".join([*faults, "run make lock"]) if faults else "the locks answer what is asked for")
        return 1 if faults else 0
    for name in LOCKS:
        resolve(name)
    resolve_assets()
    written = [ROOT / "package-lock.json", *(ROOT / "requirements" / f"{name}.txt" for name in LOCKS)]
    told = [path.name for path in written if "://" in (text := path.read_text(encoding="utf-8")) or str(ROOT) in text]
    if told:
        print(f"These locks name an address or a path: {', '.join(told)}", file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
