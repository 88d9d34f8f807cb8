"""The page without a server: one HTML file with recorded runs of the lessons and of a few settings.

The runs are those that the server would play: a session is driven as the page drives it, and what it answers is kept.
Of the people on the stage every few days are kept, of the charts and the numbers every day. The page plays them as it
plays a server's answers; what was not recorded it says.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import re
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from simsvc.demo.lessons import Lesson, as_page, lesson_scenario
from simsvc.demo.server import Offer
from simsvc.demo.session import SIDES, Beginning, Session
from simsvc.demo.stage import difference_shown
from simsvc.demo.trying import try_step
from simsvc.errors import InputError
from simsvc.scenario.settings import Scenario

EVERY = 10
"""Days between two recorded pictures of the people."""
DAYS = 250
"""Days of a recorded run without a lesson."""
LUCK = 10
"""Seeds besides the one on the stage with which each step is tried."""
OTHER_SEEDS = 2
"""Seeds besides its own with which a lesson can be played."""
GRID = {"demand.idiosyncrasy": (0.3, 0.6), "operations.approval_delay": (8.0, 30.0)}
"""Settings of the runs without a lesson, each with each."""
LARGEST = 10_000_000
"""Bytes of the page, at most."""
PEOPLE: tuple[tuple[Any, int], ...] = (("manager", 0), ("staff", 3), ("customer", 0))
"""Whose stories are kept of each run, at its end."""
MODULES = ("look", "address", "api", "clock", "places", "cases", "notes", "lesson", "series", "settings", "stage",
           "start", "story", "tabs", "teller", "recorded", "main")  # fmt: skip


def export(offer: Offer, folder: Path, say: Callable[[str], None]) -> Path:
    """Record the runs and write the page as `index.html` into a folder, which may be new.

    Raises:
        InputError: if the folder has such a file already, or it cannot be written.
    """
    file = folder / "index.html"
    if file.exists():
        raise InputError(f"{file}: there is such a file already; choose another folder")
    content = {
        "catalogue": {**offer.catalogue(), "recorded": True},
        "lessons": {name: as_page(name, lesson) for name, (lesson, _) in offer.lessons.items()},
        "runs": dict(_recorded(offer, say)),
        "grid": {name: list(values) for name, values in GRID.items()},
    }
    page = _page(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9, mtime=0))
    if len(page) > LARGEST:
        raise InputError(f"the page would have {len(page):,} bytes, more than {LARGEST:,}: export fewer lessons")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    return file


def _recorded(offer: Offer, say: Callable[[str], None]) -> Iterator[tuple[str, Any]]:
    for name, (lesson, folder) in offer.lessons.items():
        say(f"recording the lesson {name}")
        scenario = lesson_scenario(lesson, folder, offer.scenario.own)
        for number in range(len(lesson.steps)):
            for seed in range(lesson.seed, lesson.seed + OTHER_SEEDS + 1):
                yield f"{name}/{number}/{seed}", _step(lesson, number, scenario, seed)
    say("recording runs without a lesson")
    first = offer.beginning()
    for values in itertools.product(*GRID.values()):
        settings = dict(zip(GRID, values, strict=True))
        session = Session(Beginning(first.name, first.scenario, first.structures, first.seed, settings))
        yield json.dumps(settings, separators=(",", ":")), _played(session, DAYS)


def _step(lesson: Lesson, number: int, scenario: Scenario, seed: int) -> dict[str, Any]:
    session = Session(Beginning(lesson.scenario, scenario, lesson.structures, seed))
    said = session.open_step(lesson, number, scenario, None if seed == lesson.seed else seed)
    found = {"said": said, **_played(session, lesson.steps[number].run, seed == lesson.seed)}
    if seed == lesson.seed and lesson.steps[number].expect:
        found["luck"] = [
            [
                difference_shown(one, value)
                for one, value in zip(
                    lesson.steps[number].expect, try_step(lesson, number, scenario, seed + k), strict=True
                )
            ]
            for k in range(1, LUCK + OTHER_SEEDS + 1)
        ]
    return found


def _played(session: Session, days: int, told: bool = True) -> dict[str, Any]:
    """A run from where a session is, as the page would have played it."""
    whole = {**session.describe(), "frame": session.frame()}
    whole["course"] = [_short(point) for point in whole["course"]]
    whole["controls"] = [
        {**one, "live": False} for one in whole["controls"] if one["setting"] in GRID and not session.stage
    ]
    frames = []
    for done in range(0, days, EVERY):
        frame = session.step(min(EVERY, days - done))
        points = [_short(point) for point in frame["points"]]
        today = range(session.day - len(points) + 1, session.day + 1)
        lessons = [_brief(session.checked(day)) for day in today] if session.stage else []
        frames.append({**frame, "points": points, "lessons": lessons})
    stories = {}
    if told:
        for side, (kind, number) in itertools.product(SIDES, PEOPLE):
            if kind != "manager" or number < len(session.sides["a"].model.state.managers):
                story = session.story(side, kind, number, False)
                stories[f"{side}/{kind}/{number}"] = {**story, "moments": story["moments"][:12]}
        whole["first_case"] = session.first_case()
    return {"whole": whole, "frames": frames, "stories": stories, "numbers": session.numbers()}


def _brief(state: dict[str, Any] | None) -> dict[str, Any]:
    """What changes from day to day of how a lesson's step stands."""
    assert state is not None
    checks = [{name: check[name] for name in ("values", "difference", "holds")} for check in state["checks"]]
    return {"checks": checks, "means": state["means"]}


def _short(point: list[float | None]) -> list[float | None]:
    """A day's point of the charts with fewer digits than a run has."""
    return [None if value is None else round(value, 1) for value in point]


def _page(data: bytes) -> str:
    """All that the page is made of in one file that asks for nothing."""
    folder = resources.files("simsvc.demo") / "page"

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    def encoded(content: bytes) -> str:
        return base64.b64encode(content).decode()

    page = text("index.html")
    page = re.sub(r'\s*<link rel="icon"[^>]*>', "", page)
    for style in ("style.css", "panel.css"):
        page = page.replace(f'<link rel="stylesheet" href="{style}">', f"<style>{text(style)}</style>")
    modules = {}
    for name in MODULES:
        code = text(f"js/{name}.js")
        if name == "main":
            code = code.replace('from "./api.js"', 'from "simsvc/recorded"')
        code = re.sub(r'from "\./(\w+)\.js"', r'from "simsvc/\1"', code)
        modules[f"simsvc/{name}"] = f"data:text/javascript;base64,{encoded(code.encode())}"
    scripts = (
        f'<script type="importmap">{json.dumps({"imports": modules})}</script>'
        f'<script type="application/octet-stream" id="recorded-runs">{encoded(data)}</script>'
        '<script type="module">import "simsvc/main";</script>'
    )
    return page.replace('<script type="module" src="js/main.js"></script>', scripts)
