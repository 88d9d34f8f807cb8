"""First compilation of everything, on as many cores as there are, up to four.

Numba compiles under a lock, so threads do not help: other processes compile into the same cache. Each process takes the
longest phase that nobody has taken yet, so that all end at about the same time.
"""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from simsvc.model.compiling import cache_folder, cache_home, is_compiled_before, note_compiled
from simsvc.model.phases import Phases, default_phases, machine_code
from simsvc.model.start import unpopulated
from simsvc.scenario.carried import OwnRules
from simsvc.scenario.settings import Market, Scenario

_MORNING = "first morning"
"""What is compiled besides phases: how an organisation comes to be."""
_LONGEST = ("moments_of_truth", "reactions", "managers_day", _MORNING, "staff_evening", "needs")
"""What takes the longest to compile, the longest first; all others take less."""
_PROCESSES = 4  # with more, the longest phase alone decides
_SMALLEST = Scenario(market=Market(population=9, customers=1))


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """What a compiler makes it still needs; looking for garbage there takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _compile(taken: Path) -> None:
    """Compile phases and the first morning, each unless another process has put its name into the folder `taken`."""
    from simsvc.model.engine import Engine

    state = unpopulated(Scenario(market=Market(population=1, customers=0)), (0, 0))
    phases = {phase.name: phase for phase in default_phases() if phase.is_compiled}
    with _no_garbage_collection():
        for name in dict.fromkeys([*_LONGEST, *phases]):
            try:
                (taken / name).touch(exist_ok=False)
            except FileExistsError:
                continue
            if name == _MORNING:
                Engine(_SMALLEST, rng=0)
            else:
                machine_code(phases[name].function, state)


def compile_all(say: Callable[[str], None]) -> None:
    """Compile the model if this version of it never was on this machine.

    Args:
        say: told what is being done, if anything is.
    """
    if is_compiled_before():
        return
    begun = time.monotonic()
    kept_in = cache_folder().parent
    if kept_in == cache_home():
        say("First use of this version: compiling the model, once ...")
    else:
        say(
            f"{cache_home()} cannot be written to: compiling the model for this call alone ... "
            "SIMSVC_CACHE_DIR may name another folder."
        )
    from simsvc.model.engine import Engine

    with tempfile.TemporaryDirectory(prefix="simsvc-") as taken:
        command = [sys.executable, "-m", __name__, taken]
        same_cache = {**os.environ, "SIMSVC_CACHE_DIR": str(kept_in)}
        helpers = [
            subprocess.Popen(command, env=same_cache, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(min(os.cpu_count() or 1, _PROCESSES) - 1)
        ]
        _compile(Path(taken))
        for helper in helpers:
            helper.wait()
    Engine(_SMALLEST, rng=0).advance(2)  # loads what helpers compiled; compiles it here should a helper have failed
    note_compiled()
    say(f"Compiled in {time.monotonic() - begun:.0f} s.")


def load(own: OwnRules | None = None) -> None:
    """Load the compiled code, under own rules if there are any, so that a run timed afterwards takes as long as any."""
    from simsvc.model.engine import Engine

    model = Engine(_SMALLEST.carrying(own), rng=0)
    if own:
        model.phases = Phases(own.rules, own.columns)  # own phases may look for people whom so small a firm lacks
    model.advance(2)


if __name__ == "__main__":
    _compile(Path(sys.argv[1]))
