"""The pictures of the manual, taken of the demo company as `make run` shows it; needs Chromium.

Run again after the pages changed: `make pictures`.  Nobody edits these files by hand.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
INTO = ROOT / "docs" / "manual" / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
WHO = "finance.manager"
#: A picture in a README that is larger than this keeps its readers waiting.
BYTES_MAX = 300_000
_PATIENCE_SECONDS = 300


def main() -> int:
    """Start the demo in a directory of its own, take the pictures, leave nothing behind."""
    found = os.environ.get("XINHENG_TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        sys.stderr.write(f"Chromium was not found on PATH ({', '.join(CHROMIUM)})\n")
        return 1
    with tempfile.TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [Path(sys.executable).with_name("xinheng"), "run", "--port", str(port)]
        server = subprocess.Popen(command, env={**os.environ, "XINHENG_HOME": home}, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/accounts/login/", server)
            password = (Path(home) / "demo-password").read_text(encoding="ascii").strip()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
                for language in LANGUAGES:
                    _held_orders(browser, address, password, language)
                browser.close()
        finally:
            server.terminate()
            server.wait(30)
    return 0


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit("the demo did not start")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the demo did not answer")


def _held_orders(browser: Browser, address: str, password: str, language: str) -> None:
    """The queue of held orders, with the one that has most to say laid open beside it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.context.add_cookies([{"name": "django_language", "value": LANGUAGES[language], "url": address}])
    page.goto(f"{address}/accounts/login/")
    page.fill("#id_login", WHO)
    page.fill("#id_password", password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/control/held/")
    reasons = page.locator("#rows tbody tr").evaluate_all(
        "rows => rows.map(row => row.querySelectorAll('.chip').length)"
    )
    page.locator("#rows tbody tr [data-drawer]").nth(reasons.index(max(reasons))).click()
    page.locator("#drawer-title").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("window.scrollTo(0, 0)")  # so that the notice on simulated data is in the picture
    INTO.mkdir(parents=True, exist_ok=True)
    path = INTO / f"held-orders-{language}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    sys.stdout.write(f"{path.relative_to(ROOT)}: {size:,} bytes\n")
    if size > BYTES_MAX:
        raise SystemExit(f"{path.name} is larger than {BYTES_MAX:,} bytes")
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
