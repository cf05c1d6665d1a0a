"""Everything that can be said about the sources without running them (`make check`).

One line per check, and the beginning of what it found when it found something.

scripts/check.py [NAME …]     all of them without a name
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SCRIPTS = ROOT / "scripts"
LINES_SHOWN = 60
CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--output-format=concise", "."],
    "types": [str(BIN / "mypy")],
    "imports": [str(BIN / "lint-imports")],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "languages": [sys.executable, str(SCRIPTS / "languages.py")],
    "words": [sys.executable, str(SCRIPTS / "words.py")],
    "locks": [sys.executable, str(SCRIPTS / "lock.py"), "--check"],
}


def main() -> int:
    names = sys.argv[1:] or list(CHECKS)
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"no such check: {' '.join(unknown)}; there are: {' '.join(CHECKS)}", file=sys.stderr)
        return 2
    failed = 0
    with tempfile.TemporaryDirectory(prefix="xinheng-check-") as home:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "xinheng.site.settings", "XINHENG_HOME": home}
        environment.pop("DATABASE_URL", None)
        for name in names:
            started = time.monotonic()
            done = subprocess.run(CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            failed += bool(done.returncode)
            print(
                f"  {name:<12}{'FAILED' if done.returncode else 'ok':<8}{time.monotonic() - started:.1f} s", flush=True
            )
            if done.returncode:
                lines = (done.stdout + done.stderr).strip().splitlines()
                more = [f"… {len(lines) - LINES_SHOWN} more lines"] if len(lines) > LINES_SHOWN else []
                print("\n".join(f"    {line}" for line in [*lines[:LINES_SHOWN], *more]), flush=True)
    print("checks 检查: " + (f"{failed} of {len(names)} failed" if failed else f"all {len(names)} ok"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
