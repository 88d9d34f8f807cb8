"""The web application: one page, its files, and what the page asks for.

The page asks, nothing is pushed; so a slow browser slows down itself alone. Every answer is JSON, every text in it is
put on the page as text. No file of the page comes from elsewhere, and its security policy forbids it to ask elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simsvc.demo.controls import checked_settings, controls
from simsvc.demo.hosts import OwnHost
from simsvc.demo.lessons import Lesson, as_page, lesson_scenario
from simsvc.demo.registry import Full, Gone, Registry
from simsvc.demo.running import load_stories
from simsvc.demo.series import SERIES
from simsvc.demo.session import SIDES, Beginning, Session
from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import shown
from simsvc.scenario.loading import about, load_scenario, presets, structures
from simsvc.scenario.settings import Scenario

SESSIONS = 40
"""Sessions at the same time, unless said otherwise."""
SILENCE = 150.0
"""Seconds after which a session whose browser says nothing ends."""
LARGEST_REQUEST = 20_000
"""Bytes."""
_KINDS = ("customer", "staff", "manager")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Offer:
    """What the page begins with and offers.

    Args:
        scenarios: by name, the one it begins with first.
        structures: of A and B at first; may be files.
        seed: at first; None: the scenario's own.
        lessons: by name, with the folder each came from.
        lesson: that the page begins with; empty for none.
    """

    scenarios: Mapping[str, Scenario]
    structures: tuple[str, str]
    seed: int | None
    lessons: Mapping[str, tuple[Lesson, Path]]
    lesson: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        scenario: Scenario,
        charts: tuple[str, str],
        seed: int | None,
        lessons: Mapping[str, tuple[Lesson, Path]],
        lesson: str = "",
    ) -> Offer:
        """The scenario of that name before all that come with the program."""
        others = {preset: load_scenario(preset) for preset in presets() if preset != name}
        return cls({name: scenario, **others}, charts, seed, lessons, lesson)

    def beginning(self) -> Beginning:
        """What a new session begins with."""
        name, scenario = next(iter(self.scenarios.items()))
        return Beginning(name, scenario, self.structures, scenario.run.seed if self.seed is None else self.seed)

    def charts(self) -> list[str]:
        """Names of the structures that there are to choose from, files that it begins with among them."""
        return list(dict.fromkeys([*structures(), *self.structures]))

    def catalogue(self) -> dict[str, Any]:
        """What there is to choose from."""
        return {
            "scenarios": [
                {"name": name, "about": about("scenario", name) if name in presets() else "A scenario of your own."}
                for name in self.scenarios
            ],
            "structures": [
                {
                    "name": name,
                    "about": about("structure", name) if name in structures() else "A structure of your own.",
                }
                for name in self.charts()
            ],
            "lessons": [
                {"name": name, "title": lesson.title, "question": lesson.question, "minutes": lesson.minutes}
                for name, (lesson, _) in self.lessons.items()
            ],
            "lesson": self.lesson,
            "series": [series.describe() for series in SERIES],
        }


class Page:
    """What the page may ask.

    Args:
        offer: what it begins with and offers.
        registry: the sessions.
    """

    def __init__(self, offer: Offer, registry: Registry) -> None:
        self._offer, self._registry = offer, registry
        self._cores: anyio.CapacityLimiter | None = None

    async def _work(self, do: Callable[[], Any]) -> Any:
        """Simulate in a thread, as many at once as there are cores."""
        self._cores = self._cores or anyio.CapacityLimiter(os.cpu_count() or 1)
        return await anyio.to_thread.run_sync(do, limiter=self._cores)

    async def _in(self, request: Request, do: Callable[[Session], Any]) -> JSONResponse:
        """Do something in the session that the request belongs to, and answer with what comes of it."""
        session = self._registry.find(request.path_params["session"])

        def alone() -> Any:
            with session.lock:
                return do(session)

        return JSONResponse(await self._work(alone))

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

        def begin() -> dict[str, Any]:
            name, session = self._registry.begin(lambda: Session(self._offer.beginning()))
            return {"session": name, **_whole(session)}

        return JSONResponse(await self._work(begin), status_code=201, background=BackgroundTask(load_stories))

    async def alive(self, request: Request) -> JSONResponse:
        """The browser is still there."""
        self._registry.find(request.path_params["session"])
        return JSONResponse({})

    async def leave(self, request: Request) -> JSONResponse:
        """The browser leaves."""
        self._registry.end(request.path_params["session"])
        return JSONResponse({})

    async def step(self, request: Request) -> JSONResponse:
        """Some working days."""
        days = _integer(await _body(request), "days")
        return await self._in(request, lambda session: session.step(days))

    async def change(self, request: Request) -> JSONResponse:
        """Settings of running organisations."""
        given = await _body(request)
        return await self._in(
            request, lambda session: _told(session, session.change(given.get("side", ""), given.get("settings")))
        )

    async def flip(self, request: Request) -> JSONResponse:
        """The chart of one organisation turns."""
        given = await _body(request)
        return await self._in(request, lambda session: _told(session, session.flip(given.get("side", ""))))

    async def reset(self, request: Request) -> JSONResponse:
        """A new run."""
        given = await _body(request)

        def reset(session: Session) -> dict[str, Any]:
            session.reset(self._beginning(given, session.beginning))
            return _whole(session)

        return await self._in(request, reset)

    async def take_step(self, request: Request) -> JSONResponse:
        """A step of a lesson is set up."""
        given = await _body(request)
        lesson, folder = self._lesson(given.get("lesson"))
        number = _integer(given, "step")

        def take(session: Session) -> dict[str, Any]:
            said = session.take_step(lesson, lesson.scenario, number, lesson_scenario(lesson, folder))
            return {**_whole(session), "said": said}

        return await self._in(request, take)

    async def story(self, request: Request) -> JSONResponse:
        """The story of a person so far, who is followed from now on."""
        given = await _body(request)
        kind, number, side = given.get("kind"), _integer(given, "number"), given.get("side", "")
        if kind not in _KINDS:
            raise InputError(f"kind = {shown(kind)}: allowed: {', '.join(_KINDS)}")
        whole = given.get("whole") is True
        return await self._in(request, lambda session: session.story(side, kind, number, whole))

    async def numbers(self, request: Request) -> JSONResponse:
        """All metrics of the run so far."""
        return await self._in(request, lambda session: {"day": session.day, "rows": session.numbers()})

    def _beginning(self, given: Mapping[str, Any], last: Beginning) -> Beginning:
        """What a new run begins with, as the page asks for it; those of a lesson stay if it wants to keep them."""
        name = given.get("scenario")
        same = given.get("keep") is True and name == last.name
        if not same and name not in self._offer.scenarios:
            raise InputError(f"there is no scenario {shown(name)}{nearest(str(name), self._offer.scenarios)}")
        scenario = last.scenario if same else self._offer.scenarios[str(name)]
        charts = given.get("structures")
        known_charts = self._offer.charts()
        if not (isinstance(charts, list) and len(charts) == 2 and all(chart in known_charts for chart in charts)):
            raise InputError(f"structures = {shown(charts)}: should be two of {', '.join(known_charts)}")
        seed = _integer(given, "seed")
        if not 0 <= seed < 2**53:
            raise InputError(f"seed = {seed}: allowed: 0 to {2**53 - 1}")
        known = controls(scenario)
        wanted = checked_settings(given.get("settings", {}), known, scenario, live=False)
        besides = {key: value for key, value in last.settings.items() if key not in known} if same else {}
        own = given.get("own", {})
        levers = {
            side: checked_settings(own.get(side, {}) if isinstance(own, dict) else own, known, scenario, live=True)
            for side in SIDES
        }
        for key in wanted:
            if known[key].scope == "own":
                raise InputError(f"{key} belongs to one organisation")
        for key in [*levers["a"], *levers["b"]]:
            if known[key].scope == "both":
                raise InputError(f"{key} belongs to both organisations")
        return Beginning(str(name), scenario, (charts[0], charts[1]), seed, {**besides, **wanted}, levers)


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
    async for part in request.stream():
        read += part
        if len(read) > LARGEST_REQUEST:
            raise InputError(f"a request has at most {LARGEST_REQUEST} bytes")
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


async def _wrong_input(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


async def _full(request: Request, error: Exception) -> Response:
    message = "The demo is full: as many people use it as this machine is set to serve. Try again when somebody leaves."
    return JSONResponse({"error": message, "full": True}, status_code=503)


async def _gone(request: Request, error: Exception) -> Response:
    message = "This session has ended, because its page was not heard of for a while."
    return JSONResponse({"error": message, "gone": True}, status_code=410)


class _PageFiles(StaticFiles):
    """The page's own files, with the headers that keep it at home."""

    async def get_response(self, path: str, scope: Any) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def application(offer: Offer, host: str, most: int = SESSIONS, silence: float = SILENCE) -> Starlette:
    """The web application.

    Args:
        offer: what the page begins with and offers.
        host: that the server binds to.
        most: sessions at the same time.
        silence: seconds after which a session whose browser says nothing ends.
    """
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

    def post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(f"/api/sessions{path}", endpoint, methods=["POST"])

    app = Starlette(
        routes=[
            Route("/api/catalogue", page.catalogue),
            Route("/api/lessons/{lesson}", page.lesson),
            post("", page.begin),
            post("/{session}/alive", page.alive),
            post("/{session}/leave", page.leave),
            post("/{session}/step", page.step),
            post("/{session}/change", page.change),
            post("/{session}/flip", page.flip),
            post("/{session}/reset", page.reset),
            post("/{session}/lesson", page.take_step),
            post("/{session}/story", page.story),
            post("/{session}/numbers", page.numbers),
            Mount("/", _PageFiles(directory=str(resources.files("simsvc.demo") / "page"), html=True)),
        ],
        middleware=[Middleware(OwnHost, host=host)],
        exception_handlers={InputError: _wrong_input, Full: _full, Gone: _gone},
        lifespan=lifespan,
    )
    app.state.registry = registry
    return app
