"""No unfinished work and no one machine's paths in what is committed (part of `make check`)."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What usually means that somebody meant to come back.
UNFINISHED = re.compile(
    r"\b(TODO|FIXME)\b|#.*\bXXX\b|\bNotImplementedError\b|pragma: no cover|pytest\.mark\.(xfail|skip\b(?!if))"
)
#: Directories of somebody's own machine. Debian's standard places (/usr/…) are the same everywhere.
ONE_MACHINE = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+|tmp/\w+)/")
#: Locks and npm's settings name packages and digests, never where they come from.
ADDRESS = re.compile(r"://")
LOCKS = re.compile(r"^(requirements/.*\.txt|package-lock\.json|\.npmrc)$")
PROSE = {".md", ".po"}
TEXT = {
    ".py",
    ".html",
    ".js",
    ".css",
    ".toml",
    ".json",
    ".yaml",
    ".yml",
    ".sh",
    ".sql",
    ".service",
    ".txt",
    ".csv",
    *PROSE,
}


def faults() -> list[str]:
    """One line for each place, as file:line: what stands there."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = []
    for name in sorted(set(listed.stdout.splitlines()) - {"scripts/words.py"}):
        path = ROOT / name
        if not path.is_file() or not (path.suffix in TEXT or path.suffix == ""):
            continue
        patterns = [ONE_MACHINE] + [UNFINISHED] * (path.suffix not in PROSE) + [ADDRESS] * bool(LOCKS.match(name))
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            found += [f"{name}:{number}: {line.strip()[:120]}" for pattern in patterns if pattern.search(line)]
    return found


def main() -> int:
    found = faults()
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
