"""What is measured, each in a process of its own, so that memory, imports and compilation are its alone.

Times are processor time, so that a busy machine weighs on all alike.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
SMALL = 100
"""Customers of the run that compiles, or loads what is compiled."""
MOST_DAYS = 2048
"""In the stretch that is timed: small organisations are not to grow old."""
RUN = ("-m", "simsvc", "run", "classroom", "--days", "1")
STARTS = {
    "imports of Numba, pandas and Mesa": ("-c", "import numba, pandas, mesa"),
    "simsvc run, one day, compiled before": RUN,
    "simsvc --help": ("-m", "simsvc", "--help"),
}


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function of a module beside this one gives, performed in a new process; plain data in and out."""
    module = Path(function.__code__.co_filename).stem  # also of the script that is run
    code = (
        f"import json, sys; sys.path.insert(0, {str(HERE)!r}); from {module} import {function.__name__}\n"
        f"print(json.dumps({function.__name__}(*json.loads(sys.argv[1]))))"
    )
    words = [sys.executable, "-c", code, json.dumps(arguments)]
    found = subprocess.run(words, stdout=subprocess.PIPE, env={**os.environ, **ONE_THREAD}, text=True, check=True)
    return json.loads(found.stdout.splitlines()[-1])


def peak_memory() -> float:
    """Most memory that this process has had, MB."""
    status = Path("/proc/self/status")
    if status.exists():  # the other figure begins, on Linux, with the memory of the program that called this one
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def contacts(peer: str, customers: int, seed: int, seconds: float) -> dict[str, float]:
    """Cost of a contact, of the start and of memory.

    Args:
        peer: module of `peers`.
        customers: how many.
        seed: of the run.
        seconds: days are doubled until the last stretch takes so long, or has 2,048 of them; one day at least.

    Returns:
        `ns` a contact in that stretch, its `days` and `contacts`; seconds of `imports`, of `compiling` or loading, and
        of `building` the customers until the second day is over; `loaded` and `peak` memory in MB.
    """
    marks = [time.process_time()]
    service: Any = importlib.import_module(f"peers.{peer}").Service
    marks.append(time.process_time())
    first = service(SMALL, seed)
    for days in (2, 1):  # simsvc goes through several days in another way than through one
        first.advance(days)
    marks.append(time.process_time())
    loaded = peak_memory()
    made = service(customers, seed)
    made.advance(2)  # on which some tools begin what they have been given, and simsvc looks up its machine code
    marks.append(time.process_time())
    imports, compiling, building = (after - before for before, after in pairwise(marks))
    days, spent, before = 1, 0.0, 0
    while True:
        before = made.contacts
        begun = time.process_time()
        made.advance(days)
        spent = time.process_time() - begun
        if spent >= seconds or days >= MOST_DAYS:
            break
        days *= 2
    count = made.contacts - before
    start = {"imports": imports, "compiling": compiling, "building": building}
    memory = {"loaded": loaded, "peak": peak_memory()}
    return {"ns": spent / max(count, 1) * 1e9, "days": days, "contacts": count, **start, **memory}


def phases(customers: int, seconds: float) -> dict[str, float]:
    """Nanoseconds that a contact of the full model spends in each phase of a day, over days that take so long."""
    service: Any = importlib.import_module("peers.full").Service
    service(SMALL, 1).advance(1)
    made = service(customers, 1)
    made.model.phases.timed = True
    made.advance(2)
    kept = list(made.model.phases)
    first, before = [phase.seconds for phase in kept], made.contacts
    while sum(phase.seconds for phase in kept) - sum(first) < seconds:
        made.advance(1)
    count = made.contacts - before
    spent = {phase.name: phase.seconds - begun for phase, begun in zip(kept, first, strict=True)}
    return {name: 1e9 * seconds / count for name, seconds in spent.items()}


def outcomes(peer: str, runs: int, customers: int, days: int) -> dict[str, Any]:
    """What comes of a peer's runs, one list entry a run; why it is missing, if it cannot be imported.

    Returns:
        Contacts per customer and day, leavers per contact, mean satisfaction at the end; `name` of the peer.
    """
    try:
        module = importlib.import_module(f"peers.{peer}")
    except ImportError as error:
        return {"missing": str(error)}
    rows: dict[str, Any] = {"contacts": [], "leavers": [], "satisfaction": [], "name": module.NAME}
    for seed in range(1, runs + 1):
        service = module.Service(customers, seed)
        service.advance(days)
        rows["contacts"].append(service.contacts / customers / days)
        rows["leavers"].append(service.left / max(service.contacts, 1))
        rows["satisfaction"].append(service.satisfaction())
    return rows


def processor_time(arguments: tuple[str, ...], **variables: str) -> float:
    """Seconds of processor time, system calls and child processes included, that a call of Python takes."""
    environment = {**os.environ, **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as an installed package, whose modules are byte code
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def first_compilation() -> dict[str, float]:
    """Seconds of a first command, which compiles into an empty folder: of processor time, and of waiting."""
    with tempfile.TemporaryDirectory() as cache:
        begun = time.monotonic()
        spent = processor_time(RUN, SIMSVC_CACHE_DIR=cache)
        return {"processor": spent, "waited": time.monotonic() - begun}
