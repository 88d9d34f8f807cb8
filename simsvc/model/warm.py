"""First compilation of everything, on two cores where there are two.

Numba compiles under a lock, so threads do not help; a second process compiles half of the phases
into the same cache.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numba

from simsvc.model.compiling import is_compiled_before, note_compiled
from simsvc.model.phases import default_phases
from simsvc.model.start import unpopulated
from simsvc.scenario.settings import Market, Scenario

_SECOND_HALF = ("moments_of_truth", "customers_evening", "managers_day", "needs")
_SMALLEST = Scenario(market=Market(population=9, customers=1))


def _compile(wanted: Callable[[str], bool]) -> None:
    state: Any = unpopulated(Scenario(market=Market(population=1, customers=0)), (0, 0))
    signature = (numba.typeof(state),)  # type: ignore[no-untyped-call]
    for phase in default_phases():
        if phase.is_compiled and wanted(phase.name):
            phase.function.compile(signature)  # type: ignore[attr-defined]


def compile_all(say: Callable[[str], None]) -> None:
    """Compile the model if this version of it never was on this machine.

    Args:
        say: told what is being done, if anything is.
    """
    if is_compiled_before():
        return
    begun = time.monotonic()
    say("First use of this version: compiling the model (about half a minute, once) ...")
    helper = subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _compile(lambda name: name not in _SECOND_HALF)
    from simsvc.model.engine import Engine

    model = Engine(_SMALLEST, rng=0)
    helper.wait()
    model.advance(2)  # loads what the helper compiled; compiles it here should the helper have failed
    note_compiled()
    say(f"Compiled in {time.monotonic() - begun:.0f} s.")


def load() -> None:
    """Load the compiled code, so that a run timed afterwards takes as long as any other."""
    from simsvc.model.engine import Engine

    Engine(_SMALLEST, rng=0).advance(2)


if __name__ == "__main__":
    _compile(lambda name: name in _SECOND_HALF)
