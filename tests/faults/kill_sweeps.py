"""Does a sweep survive being killed at any moment? Killed, resumed, and compared with one left alone.

    python tests/faults/kill_sweeps.py                    # about ten minutes on 2 cores
    python tests/faults/kill_sweeps.py --random 20 --stride 10 --workers 5 --schedulers 3 --commands 3

Killed with SIGKILL, which no program can catch, are:

* a sweep, at random moments of its life;
* a sweep, at each of its file operations in turn: before a rename, before a file is on the disk, in the middle of
  a line of the ledger;
* a sweep that mends a damaged folder, at each of its file operations in turn;
* a worker of a Dask scheduler, while others go on; the scheduler itself;
* the real command `simsvc sweep`, at random moments; and by the kernel, which kills it once a group of processes has
  no memory left (where such groups may be made).

After each, the same sweep is started again, and its folder must equal the undisturbed one to the last bit: the table
of runs, the daily series, and the Parquet parts as other programs read them. Linux and macOS only.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self

import kill_command
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import typer

from simsvc.model.warm import compile_all, load
from simsvc.process import run_script
from simsvc.runs.metrics import program_version
from simsvc.show.terminal import ProgressReport, duration, say
from simsvc.sweeps import store
from simsvc.sweeps.design import Design
from simsvc.sweeps.results import Results
from simsvc.sweeps.sweep import Sweep

SMALL = {"market.population": 60, "market.customers": 30}
DESIGN = Design(
    "classroom", settings=SMALL, vary={"workforce.frontline": [4, 6, 8]}, replications=6, days=20, series=("loyalty",)
)
"""36 runs of a few milliseconds."""
LONGER = Design("classroom", settings=SMALL, vary={"workforce.frontline": [4, 6, 8]}, replications=80, days=20)
"""480 runs, so that workers and schedulers can be killed several times on the way."""
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where folders lie: killing a program leaves the disk's own memory alone, so nothing is waited for."""
PART_ROWS = 7
"""Runs in a part, so that parts are written all the time."""


# -- what is killed ---------------------------------------------------------------------------


def run_sweep(folder: str, dask: str | None = None, fail_at: int = 0, longer: bool = False) -> int:
    """A whole sweep, in a process of its own.

    Args:
        folder: of its results.
        dask: address of a scheduler.
        fail_at: number of the file operation at which the process kills itself; 0 for none.
        longer: whether it is the longer one.

    Returns:
        Number of file operations.
    """
    store.PART_ROWS = PART_ROWS
    count = _count_file_operations(fail_at)
    with Sweep(LONGER if longer else DESIGN, folder, workers=None if dask else 2, dask=dask, say=say) as work:
        work.perform()
    return count()


def _count_file_operations(fail_at: int) -> Callable[[], int]:
    """Count what changes files from now on; at number `fail_at` die, after half of what was to be written."""
    number = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*values: Any, **named: Any) -> Any:
            nonlocal number
            number += 1
            if number == fail_at:
                if function is write:
                    write(values[0], values[1][: len(values[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*values, **named)

        return called

    write = os.write
    for name in ("write", "replace", "fsync", "unlink", "mkdir", "truncate"):
        setattr(os, name, counted(getattr(os, name)))
    return lambda: number


def run_scheduler(port: int) -> int:
    """A Dask scheduler, until it is killed."""
    from distributed import Scheduler

    async def serve() -> None:
        async with Scheduler(host="127.0.0.1", port=port, dashboard=False) as scheduler:
            await scheduler.finished()

    asyncio.run(serve())
    return 0


def run_worker(address: str) -> int:
    """A Dask worker with one thread, until it is killed."""
    from distributed import Worker

    async def serve() -> None:
        async with Worker(address, nthreads=1, dashboard=False) as worker:
            await worker.finished()

    asyncio.run(serve())
    return 0


ROLES: dict[str, Callable[..., int]] = {"sweep": run_sweep, "scheduler": run_scheduler, "worker": run_worker}


class Nursery:
    """A process that has loaded everything and starts others within milliseconds. Use it in a `with` statement."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._living: set[int] = set()
        self.ask("ready")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in list(self._living):
            self.kill(pid)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def ask(self, *words: Any) -> int:
        """Have something done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(words), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def start(self, role: str, log: Path, **values: Any) -> int:
        """Start a process; what it says goes to a log. Returns its number."""
        pid = self.ask("start", role, str(log), values)
        self._living.add(pid)
        return pid

    def wait(self, pid: int) -> int:
        """Exit code of a process that ends by itself; negative if a signal ended it."""
        self._living.discard(pid)
        return self.ask("wait", pid)

    def kill(self, pid: int) -> bool:
        """Kill a process if it still runs; returns whether it did."""
        os.kill(pid, signal.SIGKILL)
        return self.wait(pid) == -signal.SIGKILL


def nurse() -> None:
    """What a `Nursery` runs: does what standard input asks for, line by line."""
    import distributed  # noqa: F401  loaded before processes are split off

    load()
    program_version()
    for line in sys.stdin:
        what, *values = json.loads(line)
        answer = 0
        if what == "start":
            answer = os.fork()
            if not answer:
                _live(*values)
        elif what == "wait":
            answer = os.waitstatus_to_exitcode(os.waitpid(values[0], 0)[1])
        print(answer, flush=True)


def _live(role: str, log: str, values: dict[str, Any]) -> None:
    """Be a process of a role, and end."""
    code = 1
    try:
        with open(log, "a") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        print(ROLES[role](**values), flush=True)
        code = 0
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        os._exit(code)


# -- what must hold ---------------------------------------------------------------------------


class Broken(AssertionError):
    """A folder that is not what it should be."""


def bits(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with numbers as their bits: equal only if they are the same to the last one."""
    floats = frame.select_dtypes("float64").columns
    return frame.assign(**{name: frame[name].to_numpy().view(np.int64) for name in floats})


def parts_of(folder: Path) -> pd.DataFrame:
    """The Parquet parts as any other program reads them, in the order of the design."""
    tables = [pq.read_table(path).to_pandas() for path in sorted((folder / "runs").glob("*.parquet"))]
    frame: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return frame.sort_values("number", ignore_index=True)


def tables_of(folder: Path) -> dict[str, pd.DataFrame]:
    """Runs, parts and daily series of a finished sweep, as bits."""
    results = Results(folder)
    tables = {"runs": results.runs(), "parts": parts_of(folder)}
    if results.per_run:
        tables["days"] = results.days()
    return {name: bits(table) for name, table in tables.items()}


true_tables = functools.cache(tables_of)
"""The same of a folder that nothing happens to any more."""


def check_same(folder: Path, undisturbed: Path) -> None:
    """See that two folders of a finished sweep say the same, to the last bit.

    Raises:
        Broken: if they do not.
    """
    expected = true_tables(undisturbed)
    for name, found in tables_of(folder).items():
        if not found.equals(expected[name]):
            raise Broken(f"{folder}: {name}: differ from those of the undisturbed sweep")
    leftovers = [path for path in folder.rglob("*.part")]
    if leftovers:
        raise Broken(f"{folder}: left behind: {', '.join(path.name for path in leftovers)}")
    done = [line for line in (folder / "ledger.jsonl").read_text("utf-8").splitlines() if '"status":"done"' in line]
    if len(done) != len(expected["runs"]):
        raise Broken(f"{folder}: the ledger holds {len(done)} runs, not {len(expected['runs'])}")


def check_part_of(folder: Path, undisturbed: Path) -> int:
    """See that an interrupted folder can be read, and that what it holds is true; returns the number of its runs.

    Raises:
        Broken: if not.
    """
    if not (folder / "ledger.jsonl").exists():
        return 0
    found = bits(Results(folder).runs())
    truth = true_tables(undisturbed)["runs"]
    if not found.equals(truth[truth["number"].isin(found["number"])].reset_index(drop=True)):
        raise Broken(f"{folder}: what is there while it is interrupted is not true")
    return len(found)


# -- killing ----------------------------------------------------------------------------------


class Trials:
    """Sweeps to be killed and one that is left alone, in a folder for all of them.

    Args:
        nursery: starts processes.
        folder: for everything.
        seed: of the moments.
    """

    def __init__(self, nursery: Nursery, folder: Path, seed: int = 1) -> None:
        self.nursery, self.folder = nursery, folder
        self.random = np.random.default_rng(seed)
        self._number, self._life = 0, 0.0
        begun = time.monotonic()
        self.undisturbed = folder / "undisturbed"
        self.operations = self._finish(self.undisturbed)
        self.seconds = time.monotonic() - begun

    def _new(self) -> Path:
        self._number += 1
        return self.folder / f"sweep-{self._number:04d}"

    def _log(self, folder: Path) -> Path:
        return folder.with_suffix(".log")

    def _finish(self, folder: Path, **values: Any) -> int:
        """Let a sweep run to its end; returns what it says last."""
        log = self._log(folder)
        code = self.nursery.wait(self.nursery.start("sweep", log, folder=str(folder), **values))
        said = log.read_text("utf-8").splitlines()
        if code:
            raise Broken(f"{folder}: a sweep that nobody disturbed ended with code {code}: {said[-1]}")
        return int(said[-1])

    def at_random(self) -> int:
        """Kill a sweep at random moments, three times, resuming it; returns how often it was alive to be killed."""
        folder, killed, before = self._new(), 0, 0
        for _ in range(3):
            pid = self.nursery.start("sweep", self._log(folder), folder=str(folder))
            time.sleep(self.random.uniform(0, 0.7 * self.seconds))
            killed += self.nursery.kill(pid)
            found = check_part_of(folder, self.undisturbed)
            if found < before:
                raise Broken(f"{folder}: held {before} runs, and {found} after it was killed again")
            before = found
        self._finish(folder)
        check_same(folder, self.undisturbed)
        return killed

    def at_operation(self, number: int, damage: Callable[[Path], None] | None = None) -> int:
        """Kill a sweep at one of its file operations, and resume it; returns 1, or 0 if it had fewer.

        Args:
            number: of the operation, from 1.
            damage: done to a finished sweep first, so that it is killed while it mends.
        """
        folder = self._new()
        if damage is not None:
            shutil.copytree(self.undisturbed, folder)
            damage(folder)
        pid = self.nursery.start("sweep", self._log(folder), folder=str(folder), fail_at=number)
        killed = self.nursery.wait(pid) == -signal.SIGKILL
        if damage is not lose_parts:  # without parts a folder says that it has to be mended first
            check_part_of(folder, self.undisturbed)
        self._finish(folder)
        check_same(folder, self.undisturbed)
        return int(killed)

    @contextlib.contextmanager
    def _scheduler(self, folder: Path) -> Iterator[tuple[int, str]]:
        """A scheduler with two workers."""
        address = f"tcp://127.0.0.1:{free_port()}"
        pid = self._start_scheduler(folder, address)
        workers = [self._worker(folder, address) for _ in range(2)]
        yield pid, address
        for worker in workers:
            self.nursery.kill(worker)

    def _start_scheduler(self, folder: Path, address: str) -> int:
        port = int(address.rsplit(":", 1)[1])
        pid = self.nursery.start("scheduler", folder.with_suffix(".dask"), port=port)
        answers(port)
        return pid

    def _worker(self, folder: Path, address: str) -> int:
        return self.nursery.start("worker", folder.with_suffix(".dask"), address=address)

    def workers(self, count: int) -> int:
        """Kill one worker after the other while a sweep runs; new ones join. Returns how many."""
        folder, truth = self._new(), self._truth()
        with self._scheduler(folder) as (scheduler, address):
            workers = [self._worker(folder, address)]
            work = self.nursery.start("sweep", self._log(folder), folder=str(folder), dask=address, longer=True)
            for _ in range(count):
                time.sleep(self.random.uniform(0.05, 0.5))
                self.nursery.kill(workers.pop())
                workers.append(self._worker(folder, address))
            if code := self.nursery.wait(work):
                raise Broken(f"{folder}: the sweep ended with code {code}: {self._log(folder).read_text('utf-8')}")
            self.nursery.kill(scheduler)
        check_same(folder, truth)
        return count

    def schedulers(self, count: int) -> int:
        """Kill the scheduler under a sweep, again and again, resuming it each time. Returns how often."""
        folder, truth = self._new(), self._truth()
        killed = 0
        for _ in range(count):
            with self._scheduler(folder) as (scheduler, address):
                work = self.nursery.start("sweep", self._log(folder), folder=str(folder), dask=address, longer=True)
                time.sleep(self.random.uniform(0.2, 1.2))
                self.nursery.kill(scheduler)
                code = self.nursery.wait(work)
            said = self._log(folder).read_text("utf-8").splitlines()[-1]
            if code and "StoppedEarly" not in said and "InputError" not in said:
                raise Broken(f"{folder}: without its scheduler the sweep ended with: {said}")
            killed += bool(code)
        self._finish(folder, longer=True)
        check_same(folder, truth)
        return killed

    def command(self, kill: Callable[[Path, float], int]) -> int:
        """Kill the real command at random moments, three times, resuming it; returns how often it was killed."""
        folder, truth = self._new(), self._truth()
        self._life = self._life or kill_command.finished(self._new())
        killed = 0
        for _ in range(3):
            killed += kill(folder, self.random.uniform(0.3, 1.0) * self._life)
            check_part_of(folder, truth)
        kill_command.finished(folder)
        check_same(folder, truth)
        return killed

    def _truth(self) -> Path:
        """The longer sweep, undisturbed."""
        folder = self.folder / "undisturbed-longer"
        if not folder.exists():
            self._finish(folder, longer=True)
        return folder


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(port: int, seconds: float = 30.0) -> None:
    """Wait until somebody answers at a port."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def lose_ledger(folder: Path) -> None:
    """Take a sweep's ledger away."""
    (folder / "ledger.jsonl").unlink()


def spoil_ledger(folder: Path) -> None:
    """Make a line in the middle of the ledger unreadable."""
    ledger = folder / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    lines[len(lines) // 2] = b"\x00\xff{garbage\n"
    ledger.write_bytes(b"".join(lines))


def cut_ledger(folder: Path) -> None:
    """Cut the ledger in the middle of a line, far from its end."""
    ledger = folder / "ledger.jsonl"
    os.truncate(ledger, ledger.stat().st_size * 4 // 10)


def lose_parts(folder: Path) -> None:
    """Take two parts away and cut a third one."""
    parts = sorted((folder / "runs").glob("*.parquet"))
    parts[0].unlink()
    parts[3].unlink()
    os.truncate(parts[5], 100)


DAMAGES = (lose_ledger, spoil_ledger, cut_ledger, lose_parts)


def kill_sweeps(
    random: Annotated[int, typer.Option(help="Sweeps that are killed at three random moments each.")] = 200,
    stride: Annotated[int, typer.Option(help="File operations: every one (1), every second (2) ...")] = 1,
    workers: Annotated[int, typer.Option(help="Workers that are killed.")] = 60,
    schedulers: Annotated[int, typer.Option(help="Schedulers that are killed.")] = 20,
    commands: Annotated[int, typer.Option(help="Commands that are killed, and as many that run out of memory.")] = 15,
    seed: Annotated[int, typer.Option(help="Of the moments, 0 or more.")] = 1,
    nursery: Annotated[bool, typer.Option("--nursery", hidden=True)] = False,
) -> None:
    """Kill sweeps at any moment and see that nothing is lost, doubled or changed."""
    if nursery:
        nurse()
        return
    compile_all(say)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as home, Nursery() as ours, ProgressReport("kills") as report:
        trials = Trials(ours, Path(home), seed)
        operations = range(1, trials.operations + 1, stride)
        plan: list[tuple[str, Callable[[], int]]] = [("random moments", trials.at_random)] * random
        plan += [("file operations", lambda k=k: trials.at_operation(k)) for k in operations]  # type: ignore[misc]
        for damage in DAMAGES:
            plan += [
                ("file operations while mending", lambda k=k, d=damage: trials.at_operation(k, d))  # type: ignore[misc]
                for k in range(1, 40, stride)
            ]
        plan += [("workers", lambda: trials.workers(10))] * (workers // 10)
        plan += [("schedulers", lambda: trials.schedulers(4))] * (schedulers // 4)
        for name, kill in kill_command.ways().items():
            plan += [(name, lambda k=kill: trials.command(k))] * (commands // 3)  # type: ignore[misc]
        killed: dict[str, int] = {}
        for number, (name, trial) in enumerate(plan, 1):
            killed[name] = killed.get(name, 0) + trial()
            report.update(number, len(plan))
    for name, count in killed.items():
        print(f"{count:6} kills: {name}")
    took = duration(time.monotonic() - begun)
    print(f"{sum(killed.values()):6} in {took}; resumed, every sweep equalled the undisturbed one.")


if __name__ == "__main__":
    run_script(kill_sweeps, "kill_sweeps")
