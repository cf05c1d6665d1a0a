"""Resolve the dependencies of pyproject.toml and package.json again and write the locks (`make lock`).

What is already locked stays at its version while the ranges allow it; UPGRADE=1 takes the newest. The locks carry versions
and digests, never an address or a path of the machine that made them.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

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
    words = [str(UV), "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
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


def main() -> int:
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
