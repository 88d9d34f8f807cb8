"""Where the first compilation spends its time: by phase of the day, and by what the compiler does.

    python benchmarks/compilation.py    # about a minute

Everything is compiled in one process into an empty folder, one phase after the other; what several phases call counts
for the first of them. The command itself shares phases out among as many processes as there are cores, up to four.
"""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

INFERENCE, LOWERING, OTHER = "types are inferred", "code for LLVM is written", "all else, in Python"
OPTIMIZING, MACHINE = "LLVM optimizes", "LLVM writes machine code"
PASSES = {"nopython_type_inference": INFERENCE, "native_lowering": LOWERING}
"""Passes of Numba by what they are called here; the others are `OTHER`."""
METHODS = {
    "_optimize_functions": OPTIMIZING,
    "_optimize_final_module": OPTIMIZING,
    "_finalize_specific": MACHINE,
    "serialize_using_object_code": MACHINE,
}
"""Of Numba's libraries of code, called while code for LLVM is written."""


class Clock:
    """Processor time by what is being done, each second counted once, for the innermost."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._inside: list[str] = []
        self._since = 0.0

    def _note(self) -> None:
        now = time.process_time()
        if self._inside:
            self.seconds[self._inside[-1]] += now - self._since
        self._since = now

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Count what is done here for `what`."""
        self._note()
        self._inside.append(what)
        try:
            yield
        finally:
            self._note()
            self._inside.pop()


def compilation() -> dict[str, dict[str, float]]:
    """Seconds of processor time of compiling: `phases`, and `steps` of the compiler; `functions` compiled."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["SIMSVC_CACHE_DIR"] = cache  # before anything of the model is imported
        from numba.core import codegen, event

        from simsvc.model.phases import default_phases, machine_code
        from simsvc.model.start import unpopulated
        from simsvc.scenario.settings import Market, Scenario

        clock, compiled, open_ones = Clock(), [], []

        class Listener(event.Listener):  # type: ignore[misc]
            def on_start(self, event: Any) -> None:
                if event.kind == "numba:compile":
                    compiled.append(event)
                    return
                one = clock.during(PASSES.get(event.data["name"].partition(" ")[0], OTHER))
                one.__enter__()
                open_ones.append(one)

            def on_end(self, event: Any) -> None:
                if event.kind != "numba:compile":
                    open_ones.pop().__exit__(None, None, None)

        for kind in ("numba:compile", "numba:run_pass"):
            event.register(kind, Listener())
        for name, what in METHODS.items():
            for library in (codegen.CPUCodeLibrary, codegen.JITCodeLibrary):
                if name in vars(library):
                    setattr(library, name, _timed(vars(library)[name], clock, what))
        state = unpopulated(Scenario(market=Market(population=1, customers=0)), (0, 0))
        phases: dict[str, float] = {}
        for phase in default_phases():
            if phase.is_compiled:
                begun = time.process_time()
                with clock.during(OTHER):
                    machine_code(phase.function, state)
                phases[phase.name] = time.process_time() - begun
        return {"phases": phases, "steps": dict(clock.seconds), "functions": {"compiled": len(compiled)}}


def _timed(method: Callable[..., Any], clock: Clock, what: str) -> Callable[..., Any]:
    """A method that counts its time for `what`."""

    @functools.wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        with clock.during(what):
            return method(*arguments, **options)

    return call


if __name__ == "__main__":
    for part, numbers in compilation().items():
        print(part)
        for name, value in sorted(numbers.items(), key=lambda item: -item[1]):
            print(f"  {name:28} {value:7.1f}")
