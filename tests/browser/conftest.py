"""The product as people meet it: its own server process on a small company, and Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.company import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SILENT = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
#: Wide and narrow: a desk and a phone.
WIDTHS = {1440: 900, 390: 844}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
_START_SECONDS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Around every process of the small company: a home of its own with the company in it."""
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "XINHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xinheng.site.settings"}
    for name in ("DATABASE_URL", "XINHENG_TESTING", "XINHENG_PRODUCTION"):
        environment.pop(name, None)
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    for words in (["-m", "tests.browser.seed"], ["-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)
    return environment


@pytest.fixture
def work(environment: dict[str, str]) -> Callable[[], None]:
    """``work()``: a worker comes, does all that waits and goes."""
    command = [sys.executable, "-m", "xinheng.site.cli", "jobs", "run", "--until-empty"]
    return lambda: subprocess.run(command, cwd=ROOT, env=environment, check=True) and None


@pytest.fixture(scope="session")
def address(environment: dict[str, str]) -> Iterator[str]:
    """The address of a running Xinheng with the small company in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "xinheng.site.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/accounts/login/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, "the server stopped by itself"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's own browser; without one these tests are left out."""
    path = os.environ.get("XINHENG_TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip(f"Chromium was not found on PATH ({', '.join(CHROMIUM)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SILENT))
        yield browser
        browser.close()


class Reader:
    """One person at a screen; ``complaints`` is what the browser's console had to say."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> int:
        """Go to a page; its HTTP status."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        return answer.status

    def sees(self, words: str) -> bool:
        return words in self.page.inner_text("body")


@pytest.fixture(scope="session")
def signed_in(address: str, chromium: Browser) -> Callable[[str], dict]:
    """The cookies of a person who signed in once; the password is asked at the real door."""
    known: dict[str, dict] = {}

    def cookies(username: str) -> dict:
        if username not in known:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{address}/accounts/login/")
            page.fill("#id_login", username)
            page.fill("#id_password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(f"{address}/")
            known[username] = context.storage_state()
            context.close()
        return known[username]

    return cookies


@pytest.fixture
def reader(address: str, chromium: Browser, signed_in: Callable[[str], dict]) -> Iterator[Callable[..., Reader]]:
    """``reader("fm", "en", 390)``: that person, signed in, in that language, at a screen so wide; "" is nobody."""
    contexts: list[BrowserContext] = []

    def sit_down(username: str = "fm", language: str = "zh", width: int = 1440, *, dark: bool = False) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": WIDTHS[width]},
            storage_state=signed_in(username) if username else None,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": LANGUAGES[language], "url": address}])
        return Reader(context.new_page(), address)

    yield sit_down
    for context in contexts:
        context.close()
