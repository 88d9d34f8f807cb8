"""Getting ready for a room without internet: all compiled and kept, every organisation and lesson opened."""

from __future__ import annotations

import time
from collections.abc import Callable

from simsvc.demo.first_case import load_stories
from simsvc.demo.lessons import lesson_scenario
from simsvc.demo.server import Offer
from simsvc.demo.session import Beginning, Session
from simsvc.model.compiling import cache_folder, cache_home


def prepare(offer: Offer, say: Callable[[str], None]) -> None:
    """Open all that the page offers, after the model has been compiled, and say what was done.

    Args:
        offer: what the page begins with and offers.
        say: told what was done.
    """
    begun = time.monotonic()
    for name, scenario in offer.scenarios.items():
        Session(Beginning(name, scenario, offer.structures, scenario.run.seed)).step(1)
    for lesson, folder in offer.lessons.values():
        scenario = lesson_scenario(lesson, folder, offer.scenario.own)
        session = Session(Beginning(lesson.scenario, scenario, lesson.structures, lesson.seed))
        for number in range(len(lesson.steps)):
            session.open_step(lesson, number, scenario)
            session.step(1)
    load_stories()
    kept = cache_folder()
    size = sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()) / 1e6
    say(
        f"Opened {len(offer.scenarios)} organisations and {len(offer.lessons)} lessons in "
        f"{time.monotonic() - begun:.0f} s."
    )
    if kept.parent == cache_home():
        say(f"Compiled code is kept in {kept} ({size:.0f} MB); it is used from now on, by this user with this version.")
    else:
        say(
            f"{cache_home()} cannot be written to: every start compiles anew. SIMSVC_CACHE_DIR may name another folder."
        )
    say("The page and its lessons are part of the program: from here on simsvc demo asks the internet for nothing.")
