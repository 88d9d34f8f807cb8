"""How fast is the teaching page? The real page in headless Chromium, then thirty browsers' worth of questions at once.

    python benchmarks/demo.py            # about a minute; results/page_speed/

Measured are the seconds from the command to a page with people on it, the days a second with people and charts moving
(asked for: ten, and as fast as it goes), and how long thirty sessions that all play wait for an answer. Needs Debian's
package chromium (or any Chromium on the path) and simsvc with its extra for tests.
"""

from __future__ import annotations

import concurrent.futures
import json
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import pandas as pd
import typer
from keeping import keep, shown
from playwright.sync_api import Page, sync_playwright

from simsvc.cli.frame import compile_first
from simsvc.errors import InputError
from simsvc.scenario.loading import load_scenario

RESULTS = Path("results/page_speed")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@contextmanager
def demo(scenario: str) -> Iterator[str]:
    """The command, running; gives the page's address."""
    command = [sys.executable, "-m", "simsvc", "demo", scenario, "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if found := re.search(r"http://\S+", line):
                    yield found.group()
                    return
            raise RuntimeError("simsvc demo did not start")
        finally:
            process.terminate()


def day(page: Page) -> int:
    """The day the page shows."""
    return int(page.locator("#day").inner_text().removeprefix("Day "))


def rate(page: Page, speed: str, seconds: float) -> float:
    """Days a second that the page plays, people and charts moving."""
    page.locator("#speed").select_option(speed)
    page.locator("#play").click()
    page.wait_for_timeout(1500)
    begun, first = time.monotonic(), day(page)
    page.wait_for_timeout(1000 * seconds)
    passed, days = time.monotonic() - begun, day(page) - first
    page.locator("#play").click()
    return days / passed


def ask(server: HTTPConnection, path: str, content: dict[str, Any]) -> Any:
    """Ask the server what a page asks it."""
    server.request("POST", f"/api/{path}", json.dumps(content), {"Content-Type": "application/json"})
    return json.load(server.getresponse())


def student(address: str, seconds: float, together: threading.Barrier) -> tuple[int, list[float]]:
    """Play at ten days a second for a while, as the page does; gives the days done and the seconds each answer took.

    The page asks for the days that are due: several at once where answers take longer than a tenth of a second.
    """
    server = HTTPConnection(urlsplit(address).netloc, timeout=60)
    session = ask(server, "sessions", {})["session"]
    together.wait()
    waits: list[float] = []
    begun, done = time.monotonic(), 0
    while (now := time.monotonic()) < begun + seconds:
        days = min(max(int(10 * (now - begun)) + 1 - done, 1), 25)
        ask(server, f"sessions/{session}/step", {"days": days})
        done += days
        waits.append(time.monotonic() - now)
        time.sleep(max(0.1 - waits[-1], 0.0))
    ask(server, f"sessions/{session}/leave", {})
    return done, waits


def main(
    scenario: Annotated[str, typer.Option(help="What is simulated.")] = "classroom",
    seconds: Annotated[float, typer.Option(help="Of each measurement.")] = 10.0,
    students: Annotated[int, typer.Option(help="Sessions at the same time.")] = 30,
) -> None:
    """Measure; print the figures and keep them."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise InputError("no Chromium on the path (Debian: apt-get install chromium)")
    compile_first()
    rows: list[tuple[str, float]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        begun = time.monotonic()
        with demo(scenario) as address:
            page.goto(address)
            page.locator("#b .person").nth(50).wait_for(state="attached")
            rows.append(("seconds from the command to a page with people", time.monotonic() - begun))
            for speed, words in (
                ("10", "days a second, 10 asked for"),
                ("fastest", "days a second, as fast as it goes"),
            ):
                rows.append((words, rate(page, speed, seconds)))
            page.goto("about:blank")
            with concurrent.futures.ThreadPoolExecutor(students) as pool:
                together = threading.Barrier(students)
                results = list(pool.map(lambda _: student(address, seconds, together), range(students)))
        browser.close()
    waits = sorted(wait for _, several in results for wait in several)
    all_play = f"{students} sessions that all play, 10 asked for"
    rows.append((f"{all_play}: days a second each", statistics.fmean(days for days, _ in results) / seconds))
    rows.append((f"{all_play}: ms of an answer, median", 1000 * statistics.median(waits)))
    rows.append((f"{all_play}: ms of an answer, 95 of 100", 1000 * waits[int(0.95 * len(waits))]))
    table = pd.DataFrame(rows, columns=["what", "value"])
    print(shown(table))
    keep({"page": table}, RESULTS, load_scenario(scenario), " ".join(["python", "benchmarks/demo.py", *sys.argv[1:]]))


if __name__ == "__main__":
    typer.run(main)
