"""The web application: one page, its files, and what the page asks for.

The page asks, nothing is pushed; so a slow browser slows down itself alone. Every answer is JSON, every text in it is
put on the page as text. No file of the page comes from elsewhere, and its security policy forbids it to ask elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import anyio
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simsvc.demo.controls import checked_settings, controls
from simsvc.demo.first_case import load_stories, stories_are_loaded
from simsvc.demo.hosts import OwnHost, is_loopback
from simsvc.demo.info import info
from simsvc.demo.lessons import Lesson, as_page, lesson_scenario
from simsvc.demo.registry import Full, Gone, Many, Registry
from simsvc.demo.series import SERIES
from simsvc.demo.session import SIDES, Beginning, Session
from simsvc.demo.stage import difference_shown
from simsvc.demo.trying import try_step
from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import shown
from simsvc.scenario.loading import about, load_scenario, presets, structures
from simsvc.scenario.settings import Scenario
from simsvc.scenario.words import WORDS, spoken

SESSIONS = 40
"""Sessions at the same time, unless said otherwise."""
SILENCE = 150.0
"""Seconds after which a session whose browser says nothing ends."""
PATIENCE = 20.0
"""Seconds that a client may take to say what it wants."""
LARGEST_REQUEST = 20_000
"""Bytes."""
_KINDS = ("customer", "staff", "manager")
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Offer:
    """What the page begins with and offers.

    Args:
        name: of the scenario it begins with.
        scenario: itself; those that come with the program are offered besides, and the lessons, under its own rules.
        structures: of A and B at first; may be files.
        seed: at first; None: the scenario's own.
        lessons: by name, with the folder each came from.
        lesson: that the page begins with; empty for none.
        join: how others join, if they may (`simsvc.demo.joining`).
    """

    name: str
    scenario: Scenario
    structures: tuple[str, str]
    seed: int | None
    lessons: Mapping[str, tuple[Lesson, Path]]
    lesson: str = ""
    join: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        a, b = self.structures
        if a != b and Path(a).name == Path(b).name:
            raise InputError(f"{a}, {b}: the page calls structures by the names of their files; rename one of them")

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """Scenarios to choose from, by name."""
        others = {one: load_scenario(one).carrying(self.scenario.own) for one in presets() if one != self.name}
        return {self.name: self.scenario, **others}

    @cached_property
    def charts(self) -> dict[str, str]:
        """Structures to choose from, by the names that browsers are told: those of files without their folders."""
        return {Path(name).name: name for name in (*structures(), *self.structures)}

    def beginning(self) -> Beginning:
        """What a new session begins with."""
        seed = self.scenario.run.seed if self.seed is None else self.seed
        return Beginning(self.name, self.scenario, self.structures, seed)

    def catalogue(self) -> dict[str, Any]:
        """What there is to choose from."""

        def named(kind: Literal["scenario", "structure"], names: Iterable[str], ours: Container[str]) -> list[Any]:
            own = f"A {kind} of your own."
            return [
                {"name": name, "title": WORDS[name].title if name in WORDS else spoken(name),
                 "about": about(kind, name) if name in ours else own}
                for name in names
            ]  # fmt: skip

        return {
            "scenarios": named("scenario", self.scenarios, presets()),
            "structures": named("structure", self.charts, structures()),
            "lessons": [
                {
                    "name": name,
                    "title": lesson.title,
                    "question": lesson.question,
                    "minutes": lesson.minutes,
                    "seed": lesson.seed,
                }
                for name, (lesson, _) in self.lessons.items()
            ],
            "lesson": self.lesson,
            "series": [series.describe() for series in SERIES],
            "info": info(),
            "join": dict(self.join),
        }


class Page:
    """What the page may ask."""

    def __init__(self, offer: Offer, registry: Registry) -> None:
        self._offer, self._registry = offer, registry
        self._cores: anyio.CapacityLimiter | None = None

    async def _work(self, do: Callable[[], Any]) -> Any:
        """Simulate in a thread, as many at once as there are cores."""
        self._cores = self._cores or anyio.CapacityLimiter(os.cpu_count() or 1)
        return await anyio.to_thread.run_sync(do, limiter=self._cores)

    def asking(self, do: Callable[[Session, dict[str, Any]], dict[str, Any]]) -> Endpoint:
        """Answers requests with what comes of doing something in the session that they belong to."""

        async def answer(request: Request) -> JSONResponse:
            given = await _body(request)
            session = self._registry.find(request.path_params["session"])

            def alone() -> dict[str, Any]:
                with session.lock:
                    return do(session, given)

            return JSONResponse(await self._work(alone))

        return answer

    async def catalogue(self, request: Request) -> JSONResponse:
        """What there is to choose from."""
        return JSONResponse(self._offer.catalogue())

    async def lesson(self, request: Request) -> JSONResponse:
        """A lesson, to be read."""
        name = request.path_params["lesson"]
        return JSONResponse(as_page(name, self._lesson(name)[0]))

    def _lesson(self, name: Any) -> tuple[Lesson, Path]:
        found = self._offer.lessons.get(name) if isinstance(name, str) else None
        if found is None:
            raise InputError(f"there is no lesson {shown(name)}{nearest(str(name), self._offer.lessons)}")
        return found

    async def begin(self, request: Request) -> JSONResponse:
        """A new session."""
        await _body(request)
        host = request.client.host if request.client else ""
        address = "" if is_loopback(host) else host

        def begin() -> dict[str, Any]:
            name, session = self._registry.begin(lambda: Session(self._offer.beginning()), address)
            return {"session": name, **_whole(session)}

        return JSONResponse(await self._work(begin), status_code=201, background=BackgroundTask(load_stories))

    async def alive(self, request: Request) -> JSONResponse:
        """The browser is still there; it is told whether the first story still has to wait for what is compiled."""
        self._registry.find(request.path_params["session"])
        return JSONResponse({"compiling": not stories_are_loaded()})

    async def leave(self, request: Request) -> JSONResponse:
        """The browser leaves."""
        self._registry.end(request.path_params["session"])
        return JSONResponse({})

    def step(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """Some working days."""
        return session.step(_integer(given, "days"))

    def change(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """Settings of running organisations."""
        return _told(session, session.change(given.get("side", ""), given.get("settings")))

    def flip(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """The chart of one organisation turns."""
        return _told(session, session.flip(given.get("side", "")))

    def reset(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """A new run."""
        beginning, stage = self._beginning(given, session.beginning), session.stage
        alike = (beginning.name, beginning.structures) == (session.beginning.name, session.beginning.structures)
        if stage is None or not given.get("keep") or not alike:
            session.reset(beginning)
        else:
            live = {name: value for name, value in beginning.settings.items() if name in given.get("settings", {})}
            session.open_step(stage.lesson, stage.number, beginning.scenario, beginning.seed, live, beginning.own)
        return _whole(session)

    def take_step(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """The stage is set for a step of a lesson."""
        lesson, folder = self._lesson(given.get("lesson"))
        scenario = lesson_scenario(lesson, folder, self._offer.scenario.own)
        seed = _seed(given) if "seed" in given else None
        said = session.open_step(lesson, _integer(given, "step"), scenario, seed)
        return {**_whole(session), "said": said}

    def luck(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """The step on the stage, as it is written, with another seed: whether each expectation holds."""
        if session.stage is None:
            raise InputError("no step of a lesson is on the stage")
        stage = session.stage
        found = try_step(stage.lesson, stage.number, session.beginning.scenario, _seed(given))
        return {
            "differences": [difference_shown(one, value) for one, value in zip(stage.step.expect, found, strict=True)]
        }

    def story(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """The story of a person so far, who is followed from now on."""
        kind, number, side = given.get("kind"), _integer(given, "number"), given.get("side", "")
        if kind not in _KINDS:
            raise InputError(f"kind = {shown(kind)}: allowed: {', '.join(_KINDS)}")
        return session.story(side, kind, number, given.get("whole") is True)

    def first_case(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """A case to follow by hand."""
        return {"case": session.first_case()}

    def numbers(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """All metrics of the run so far."""
        return {"day": session.day, "rows": session.numbers()}

    def _beginning(self, given: Mapping[str, Any], last: Beginning) -> Beginning:
        """What a new run begins with, as the page asks for it; those of a lesson stay if it wants to keep them."""
        name = given.get("scenario")
        same = given.get("keep") is True and name == last.name
        if not same and not (isinstance(name, str) and name in self._offer.scenarios):
            raise InputError(f"there is no scenario {shown(name)}{nearest(str(name), self._offer.scenarios)}")
        scenario = last.scenario if same else self._offer.scenarios[str(name)]
        names, charts = given.get("structures"), self._offer.charts
        if not (isinstance(names, list) and len(names) == 2 and all(chart in list(charts) for chart in names)):
            raise InputError(f"structures = {shown(names)}: should be two of {', '.join(charts)}")
        seed = _seed(given)
        known = controls(scenario)
        wanted = checked_settings(given.get("settings", {}), known, scenario, "both", live=False)
        besides = {key: value for key, value in last.settings.items() if key not in known} if same else {}
        own = given.get("own", {})
        levers = {
            side: checked_settings(own.get(side, {}) if isinstance(own, dict) else own, known, scenario, "own")
            for side in SIDES
        }
        begun = charts[names[0]], charts[names[1]]
        return Beginning(str(name), scenario, begun, seed, {**besides, **wanted}, levers)


def _whole(session: Session) -> dict[str, Any]:
    return {**session.describe(), "frame": session.frame()}


def _told(session: Session, said: str) -> dict[str, Any]:
    return {"said": said, "values": session.values(), "frame": session.frame()}


async def _body(request: Request) -> dict[str, Any]:
    """A request's JSON object.

    Raises:
        InputError: if it is none, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise InputError("a request should be application/json")
    read = b""
    try:
        with anyio.fail_after(PATIENCE):
            async for part in request.stream():
                read += part
                if len(read) > LARGEST_REQUEST:
                    raise InputError(f"a request has at most {LARGEST_REQUEST} bytes")
    except TimeoutError:
        raise InputError(f"a request has to be here as a whole within {PATIENCE:g} s") from None
    try:
        content = json.loads(read)
    except (ValueError, RecursionError):
        raise InputError("a request should be valid JSON") from None
    if not isinstance(content, dict):
        raise InputError("a request should be a JSON object")
    return content


def _integer(content: Mapping[str, Any], name: str) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{name} = {shown(value)}: should be a whole number")
    return value


def _seed(content: Mapping[str, Any]) -> int:
    seed = _integer(content, "seed")
    if not 0 <= seed < 2**53:
        raise InputError(f"seed = {seed}: allowed: 0 to {2**53 - 1}")
    return seed


async def _wrong_input(request: Request, error: Exception) -> Response:
    words = str(error).encode("utf-8", "replace").decode()  # what was asked for may be half a character, in no UTF-8
    return JSONResponse({"error": words}, status_code=400)


_NO_SESSION: dict[type[Exception], tuple[int, str, str]] = {
    Full: (503, "full", "The demo is full: as many people use it as this machine is set to serve. Try again when "
                        "somebody leaves."),
    Many: (429, "full", "Your address has as many sessions of this demo as one may have. Close pages that you do not "
                        "need."),
    Gone: (410, "gone", "This session has ended, because its page was not heard of for a while."),
}  # fmt: skip
"""Why there is no session: status, word for the page, sentence for people."""


async def _no_session(request: Request, error: Exception) -> Response:
    status, why, message = _NO_SESSION[type(error)]
    return JSONResponse({"error": message, why: True}, status_code=status)


def application(offer: Offer, host: str, most: int = SESSIONS, silence: float = SILENCE) -> Starlette:
    """The web application for a server that binds to a host; its sessions end after some seconds of silence."""
    registry = Registry(most, silence)
    page = Page(offer, registry)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async def look_round() -> None:
            while True:
                await asyncio.sleep(min(silence / 2, 30.0))
                registry.clear()

        task = asyncio.create_task(look_round())
        yield
        task.cancel()

    endpoints: dict[str, Endpoint] = {"": page.begin, "/{session}/alive": page.alive, "/{session}/leave": page.leave}
    for do in (page.step, page.change, page.flip, page.reset, page.story, page.first_case, page.numbers, page.luck):
        endpoints[f"/{{session}}/{do.__name__}"] = page.asking(do)
    endpoints["/{session}/lesson"] = page.asking(page.take_step)
    app = Starlette(
        routes=[
            Route("/api/catalogue", page.catalogue),
            Route("/api/lessons/{lesson}", page.lesson),
            *(Route(f"/api/sessions{path}", do, methods=["POST"]) for path, do in endpoints.items()),
            Mount("/", StaticFiles(directory=str(resources.files("simsvc.demo") / "page"), html=True)),
        ],
        middleware=[Middleware(OwnHost, host=host)],
        exception_handlers={InputError: _wrong_input, **dict.fromkeys(_NO_SESSION, _no_session)},
        lifespan=lifespan,
    )
    app.state.registry = registry
    return app
