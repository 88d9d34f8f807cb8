"""How long does a command take that hardly simulates, against the libraries it cannot do without?

    python benchmarks/start.py               # some five minutes on an idle machine; most of it is the first compilation

A warm `run` of one day and `--help`, in turns with nothing but the imports of Numba, pandas and Mesa, so that a busy
machine weighs on all alike; medians of processor time and the ratios to the imports. Then the first compilation, into
an empty folder.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Annotated

import typer

from simsvc.cli.options import run_script
from simsvc.show.terminal import say

IMPORTS = ("-c", "import numba, pandas, mesa")
RUN = ("-m", "simsvc", "run", "classroom", "--days", "1")
HELP = ("-m", "simsvc", "--help")


def processor_time(arguments: tuple[str, ...], **variables: str) -> float:
    """Seconds of processor time, system calls and child processes included, that a call of Python takes."""
    environment = {**os.environ, **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as an installed package, whose modules are byte code
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def benchmark(
    turns: Annotated[int, typer.Option(help="Calls of each command.")] = 9,
    compilation: Annotated[bool, typer.Option(help="Whether to compile the model anew, too.")] = True,
) -> None:
    """Print times and their ratios to those of the imports."""
    commands = {"imports of numba, pandas, mesa": IMPORTS, "warm simsvc run classroom --days 1": RUN, "--help": HELP}
    for command in commands.values():
        processor_time(command)  # byte code, compiled model and files in memory
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(turns):
        say(f"turn {turn + 1} of {turns}")
        for name, command in commands.items():
            taken[name].append(processor_time(command))
    imports = next(iter(taken.values()))
    for name, times in taken.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(times, imports, strict=True))
        print(f"{name:36}{statistics.median(times):7.2f} s of processor time   {ratio:5.2f} times the imports")
    if compilation:
        with tempfile.TemporaryDirectory() as cache:
            begun = time.monotonic()
            spent = processor_time(RUN, SIMSVC_CACHE_DIR=cache)
            waited = time.monotonic() - begun
        text = f"{spent:7.2f} s of processor time   {waited:5.1f} s of waiting on {os.cpu_count()} cores"
        print(f"{'first simsvc run classroom --days 1':36}{text}")


if __name__ == "__main__":
    run_script(benchmark, "start.py")
