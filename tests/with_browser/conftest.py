"""Fixtures of the tests in a real Chromium, which are skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXECUTABLE = next((path for name in NAMES if (path := shutil.which(name))), None)


def _skip_reason() -> str | None:
    if EXECUTABLE is None:
        return f"no Chromium: none of {', '.join(NAMES)} is on the PATH (Debian: apt-get install chromium)"
    missing = [name for name in ("playwright", "axe_playwright_python") if find_spec(name) is None]
    return f"{' and '.join(missing)} not installed: run `make test-browser`" if missing else None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Run one Chromium for all tests."""
    if (reason := _skip_reason()) is not None:
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        yield browser
        browser.close()


OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[OpenPage]:
    """Open an HTML text from a file; nothing may be loaded besides, and no script may fail."""
    faults: list[str] = []
    contexts = []

    def opened(
        html: str,
        *,
        fragment: str = "",
        width: int = 1280,
        height: int = 800,
        blocked: str = "",
        **settings: Any,
    ) -> Any:
        """Return the page; errors that say `blocked` are expected."""
        context = chromium.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()

        def on_console(message: Any) -> None:
            if message.type == "error" and not (blocked and blocked in message.text):
                faults.append(f"console: {message.text}")

        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", on_console)
        page.on("request", lambda request: request.url.startswith("file:") or faults.append(request.url))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        path = tmp_path / f"report-{len(contexts)}.html"
        path.write_bytes(html.encode())
        page.goto(f"{path.as_uri()}{fragment}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
