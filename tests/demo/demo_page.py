"""What tests of the teaching page share: the command running, a browser that watches, things a hand does.

Every test fails on any request that leaves this machine, on any error of the page, and on any line in its console.
Screenshots go to the tests' temporary folder, or to the folder that SIMSVC_SCREENSHOTS names.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import simsvc
from simsvc.demo.series import shown
from simsvc.runs.metrics import METRICS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not os.environ.get("SIMSVC_BROWSER"):
    pytest.skip("drives Chromium (Debian: package chromium) if SIMSVC_BROWSER=1 is set", allow_module_level=True)
if CHROMIUM is None:
    raise RuntimeError("SIMSVC_BROWSER is set, but no Chromium is on the path (Debian: apt-get install chromium)")

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

PROJECTOR = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 1000 * float(os.environ.get("SIMSVC_PATIENCE", "20"))
"""Milliseconds that something is waited for; more on a busy machine."""
expect.set_options(timeout=PATIENCE)


@contextlib.contextmanager
def demo(*arguments: str, folder: Path | None = None) -> Iterator[str]:
    """The command, running; gives the page's address."""
    command = [sys.executable, "-m", "simsvc", "demo", "--no-browser", "--port", "0", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stderr is not None
    try:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if found := re.search(r"http://\S+", line):
                yield found.group()
                break
        else:
            pytest.fail(f"simsvc demo did not start: {''.join(lines)}")
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)
        process.stderr.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """A function that opens the page in a browser of its own; watches what the page asks for and complains of."""
    contexts, asked, complaints = [], [], []

    def open_page(to: str = "", ready: bool = True, allowed: str = "", tab: str = "settings", **options: Any) -> Page:
        context = browser.new_context(**({"viewport": PROJECTOR} | options))
        contexts.append(context)
        context.set_default_timeout(1.5 * PATIENCE)
        page = context.new_page()
        page.add_init_script(COUNT)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto(to or address)
        if allowed:
            complaints_of[page] = allowed
        if ready:
            expect(page.locator("#b .person").nth(200)).to_be_attached()
            if tab and page.locator("#start").is_visible():
                page.locator(f"#tab-{tab}").click()
        return page

    complaints_of: dict[Page, str] = {}
    yield open_page
    for context in contexts:
        context.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
    expected = "|".join(complaints_of.values())
    unexpected = [line for line in complaints if not (expected and re.search(expected, line))]
    assert not unexpected, unexpected  # this file is not a test's: pytest would not show them


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Page, str], None]:
    """A function that takes a picture of a page."""
    folder = Path(os.environ.get("SIMSVC_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        file = folder / f"{name}.png"
        page.screenshot(path=file)
        assert file.stat().st_size > 20_000, "an almost empty picture"

    return take


COUNT = """
    window.waiting = 0;
    window.answered = -Infinity;
    const ask = window.fetch;
    window.fetch = (...what) => {
        waiting += 1;
        return ask(...what).finally(() => { waiting -= 1; answered = performance.now(); });
    };
"""
"""Counts the page's questions that wait for an answer."""


def day(page: Page) -> int:
    return int(page.locator("#day").inner_text().removeprefix("Day "))


def play(page: Page, until: int) -> None:
    """Play until at least that day, then pause."""
    page.locator("#play").click()
    page.wait_for_function("until => Number(document.getElementById('day').textContent.slice(4)) >= until", arg=until)
    page.locator("#play").click()
    settled(page)


def steps(page: Page, days: int) -> None:
    """Exactly so many days, one by one."""
    for _ in range(days):
        expect(page.locator("#day")).to_have_text(re.compile(rf"Day {day(page)}"))
        before = day(page)
        page.locator("#step").click()
        expect(page.locator("#day")).to_have_text(f"Day {before + 1}")
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing is played and every question has been answered."""
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("() => waiting === 0 && performance.now() - answered > 150")


def numbers(page: Page) -> dict[str, tuple[str, str]]:
    """The table of numbers: A and B by metric."""
    page.locator("#tab-numbers").click()
    expect(page.locator("#numbers h2")).to_have_text(f"After {day(page)} days")
    rows = page.locator("#numbers tbody tr").evaluate_all(
        "rows => rows.map(row => [row.dataset.metric, row.cells[1].textContent, row.cells[2].textContent])"
    )
    return {name: (a, b) for name, a, b in rows}


def computed(
    days: int, seed: int, a: str = "well_run_hierarchy", b: str = "inverted", scenario: Any = "classroom"
) -> Any:
    """What `simsvc run` computes for the two."""
    runs = [simsvc.run(scenario, seed, structure=chart, days=days).summary for chart in (a, b)]
    return {name: tuple(shown(name, run[name]) for run in runs) for name in METRICS}


def tier_heights(page: Page, side: str) -> dict[str, float]:
    """Heights of the tiers on the screen, by name."""
    return dict(
        page.locator(f"#{side} svg g[aria-label*='arrow keys']").evaluate_all(
            "tiers => tiers.map(one => [one.getAttribute('aria-label').split(' of ')[0],"
            " one.querySelector('.person').getBoundingClientRect().y])"
        )
    )


def set_slider(page: Page, setting: str, value: float) -> None:
    """Move a slider to a value, as a hand would."""
    page.locator(f"[id$='-{setting}']").evaluate(
        "(slider, value) => { slider.value = value; for (const what of ['input', 'change'])"
        " slider.dispatchEvent(new Event(what)); }",
        value,
    )
