"""One case followed by hand: the first that one of two charts passes up and the other does not, person after person.

It is looked for in a run of its own with the beginning of the session's; what comes of it plays no part in the choice.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from simsvc.demo.names import People
from simsvc.demo.running import RunningOrganisation, Side
from simsvc.demo.telling import Telling
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.words import Words, words_of
from simsvc.tracing.moments import Moment
from simsvc.tracing.telling import clock

DAYS = 20
"""Days in which it is looked for."""
MOST = 8
"""Cases looked at, at most; if all are treated alike, the first of them is told."""


_loading, _loaded = threading.Lock(), threading.Event()


def load_stories() -> None:
    """Compile what stories need and the disk does not keep (some seconds, once a process); cases before evenings.

    Thirty browsers that come at once ask for it thirty times: nothing is done if somebody is at it already.
    """
    if _loaded.is_set() or not _loading.acquire(blocking=False):
        return
    try:
        charts: dict[Side, str] = {"a": "traditional", "b": "inverted"}
        classroom = load_scenario("classroom")
        sides = {side: RunningOrganisation(classroom, chart, {}, 1) for side, chart in charts.items()}
        first_case(sides, words_of("classroom"))
        sides["a"].follow("staff", 0)
        sides["a"].step()
        _loaded.set()
    finally:
        _loading.release()


def stories_are_loaded() -> bool:
    """Whether that has been done."""
    return _loaded.is_set()


def first_case(sides: Mapping[Side, RunningOrganisation], words: Words) -> dict[str, Any] | None:
    """The case, step after step; None if nothing is passed up.

    Args:
        sides: both organisations on their first morning; they are run.
        words: of their scenario.
    """
    found = _find(sides)
    if found is None:
        return None
    a = found["a"]
    customer = People(sides["a"].model).customer(a.people["customer"])
    steps = []
    for side, moment in found.items():
        parts = Telling(People(sides[side].model), words).parts(moment)
        if side == "a":
            steps.append(_step("both", parts[0].kind, parts[0].number, parts[0].text))
        for k, part in enumerate(parts[1:], 2):
            last = "granted" if moment.facts["granted"] else "refused"
            token = last if k >= len(parts) - 1 and moment.decision == "asks" else "case"
            steps.append(_step(side, part.kind, part.number, part.text, token))
    alike = len({moment.decision for moment in found.values()}) == 1
    told = [f"{side.upper()}: {_short(moment)}" for side, moment in found.items()]
    end = "Both charts treat this case alike. " if alike else ""
    end += f"{'; '.join(told)}. One case proves nothing: press Play and watch all of them."
    steps.append(_step("both", "customer", a.people["customer"], end))
    return {
        "title": words.put(f"{customer}, customer {a.people['customer'] + 1}, day {a.day + 1}, {clock(a.minute or 0)}"),
        "steps": [{**step, "text": words.put(step["text"])} for step in steps],
    }


def _step(side: str, kind: str, number: int, text: str, token: str = "case") -> dict[str, Any]:
    return {"side": side, "kind": kind, "number": number, "text": text, "token": token}


def _find(sides: Mapping[Side, RunningOrganisation]) -> dict[Side, Moment] | None:
    """The first contact about the case, in both organisations."""
    cases: dict[str, int] = {}
    for _ in range(DAYS):
        for organisation in sides.values():
            organisation.step()
            drawn = set(organisation.crowd.seats.tolist())
            for row in organisation.climbers.rows:
                if row["attempts"] == 1 and int(row["customer"]) in drawn:
                    cases.setdefault(f"{row['customer']}-{row['day']}-{row['number']}", int(row["customer"]))
    first = None
    for case, customer in list(cases.items())[:MOST]:
        both = {side: _contact(organisation, case, customer) for side, organisation in sides.items()}
        found = {side: moment for side, moment in both.items() if moment is not None}
        if len(found) == len(sides):
            first = first or found
            if len({moment.decision == "asks" for moment in found.values()}) == len(sides):
                return found
    return first


def _contact(organisation: RunningOrganisation, case: str, customer: int) -> Moment | None:
    """The first contact about a case, if it was served."""
    organisation.follow("customer", customer)
    served = (one for one in organisation.story("").moments if one.kind == "contact" and "staff" in one.people)
    return next((one for one in served if one.facts["case"] == case and one.facts["contact"] == 1), None)


def _short(moment: Moment) -> str:
    """What came of it, in few words."""
    facts, felt = moment.facts, moment.effects.get("customer")
    answer = "granted" if facts["granted"] else "refused"
    asked = f"passed up, {answer} after {facts['answer_took']:.0f} minutes" if moment.decision == "asks" else (
        f"decided on the spot, {answer}"
    )  # fmt: skip
    settled = "settled" if facts["outcome"] == "settled" else "not settled that day"
    mood = ""
    if felt:
        now = 100 * felt["satisfaction"]
        mood = f", satisfaction {now - 100 * felt['satisfaction_change']:.0f} → {now:.0f}"
    return f"{asked}, {settled}{mood}"
