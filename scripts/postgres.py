"""A throwaway PostgreSQL cluster for tests and measurements: made in a temporary directory, always stopped and removed.

    with postgres.cluster() as server: …               server.url is postgresql://xinheng@127.0.0.1:PORT
    .venv/bin/python scripts/postgres.py -- COMMAND …  runs COMMAND with that address in XINHENG_TEST_POSTGRES

The password goes by PGPASSWORD (server.environment). PostgreSQL refuses to run as root, so root hands it to the user
`postgres`, else `nobody`. With `durable=False` (tests) nothing waits for the disk; measurements ask for `durable=True`.
"""

import contextlib
import ctypes
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROLE = "xinheng"
START_SECONDS = 60
PORT_TRIES = 3
#: For tests only: a crash of the machine may cost the throwaway cluster, nothing else.
NO_WAITING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
#: As deploy/compose.yaml sets it: a large import does not stop for checkpoints.
AS_DEPLOYED = {"max_wal_size": "4GB"}
PR_SET_PDEATHSIG = 1


class PostgresError(Exception):
    """The cluster could not be made or started; the text carries the end of its log."""


@dataclass(frozen=True)
class Server:
    """A running cluster: its address without a database name, and what the environment needs to reach it."""

    url: str
    programs: Path
    environment: dict[str, str]

    def database(self, name: str) -> str:
        return f"{self.url}/{name}"


def programs() -> Path | None:
    """The directory of initdb and postgres: what PATH leads to, else Debian's newest; None when there is none."""
    found = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)],
    )
    for directory in [*found, *reversed(debian)]:
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    return None


def servant() -> pwd.struct_passwd | None:
    """Whom root lets run the server; None when we are not root and run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("running as root, and there is neither a user postgres nor nobody to run the server as")


def as_servant(user: pwd.struct_passwd | None) -> dict[str, object]:
    """Popen's arguments that change to the unprivileged user."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def stop_with_parent() -> Callable[[], None] | None:
    """On Linux, let the server stop by itself when this program is killed without a chance to stop it."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make(directory: Path, binaries: Path, user: pwd.struct_passwd | None, password: str) -> None:
    """initdb, with a password even on loopback: others may have an account on this machine."""
    (directory / "password").write_text(password, encoding="ascii")
    if user:
        for path in (directory, directory / "password"):
            os.chown(path, user.pw_uid, user.pw_gid)
    locale = "C.UTF-8" if sys.platform.startswith("linux") else "C"
    words = [binaries / "initdb", "-D", directory / "data", "-U", ROLE, "-E", "UTF8", f"--locale={locale}", "--no-sync"]
    words += ["--auth=scram-sha-256", f"--pwfile={directory / 'password'}"]
    clean = {"PATH": os.environ.get("PATH", ""), "HOME": str(directory), "LANG": "C"}
    done = subprocess.run(
        words, cwd=directory, env=clean, capture_output=True, text=True, check=False, **as_servant(user)
    )
    if done.returncode:
        raise PostgresError(f"initdb: {done.stderr.strip()[-800:]}")


def start(
    directory: Path, binaries: Path, user: pwd.struct_passwd | None, port: int, durable: bool
) -> subprocess.Popen:
    """The server process, in a session of its own so that Ctrl-C reaches us and not it."""
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(directory)}
    settings |= {
        "max_connections": "120",
        "shared_buffers": "256MB",
        "jit": "off",
        "timezone": "UTC",
        "log_min_messages": "fatal",
    }
    settings |= AS_DEPLOYED if durable else NO_WAITING
    words = [binaries / "postgres", "-D", directory / "data"]
    words += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    clean = {"PATH": os.environ.get("PATH", ""), "HOME": str(directory), "LANG": "C"}
    with (directory / "log").open("ab") as log:
        return subprocess.Popen(
            words,
            cwd=directory,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=stop_with_parent(),  # noqa: PLW1509  there is one thread here
            **as_servant(user),
        )


def answers(directory: Path, process: subprocess.Popen) -> bool:
    """Whether the server came up; False when it ended instead (its port was taken, say)."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            return False
        status = directory / "data" / "postmaster.pid"
        with contextlib.suppress(OSError):
            if "ready" in status.read_text(encoding="utf-8").splitlines()[-1]:
                return True
        time.sleep(0.05)
    return False


def stop(process: subprocess.Popen) -> None:
    """Fast shutdown, then less friendly ones."""
    for sent in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[Server]:
    """A running server for the time of the block.

    Raises PostgresError when PostgreSQL is not installed or does not start.
    """
    binaries = programs()
    if binaries is None:
        raise PostgresError("initdb was found neither on PATH nor under /usr/lib/postgresql")
    user = servant()
    directory = Path(tempfile.mkdtemp(prefix="xinheng-postgres-"))
    password = secrets.token_hex(16)
    process = None
    try:
        make(directory, binaries, user, password)
        for _ in range(PORT_TRIES):
            port = free_port()
            process = start(directory, binaries, user, port, durable)
            if answers(directory, process):
                break
            stop(process)
        else:
            raise PostgresError(f"postgres did not start: {(directory / 'log').read_text(errors='replace')[-800:]}")
        path = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
        url = f"postgresql://{ROLE}@127.0.0.1:{port}"
        yield Server(url, binaries, {"PGPASSWORD": password, "PATH": path, "XINHENG_TEST_POSTGRES": url})
    finally:
        if process:
            stop(process)
        shutil.rmtree(directory, ignore_errors=True)


def main() -> int:
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    if not command:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster() as server:
            return subprocess.run(command, env={**os.environ, **server.environment}, check=False).returncode
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
