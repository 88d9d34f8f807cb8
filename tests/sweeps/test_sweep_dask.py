"""Sweeps on the workers of a Dask scheduler: the same rows, whoever is killed on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from conftest import Command

pytest.importorskip("distributed")

from distributed import KilledWorker

from simsvc.errors import InputError
from simsvc.runs.executors import dask as cluster
from simsvc.runs.executors.dask import Cluster
from simsvc.runs.order import Order, Outcome
from simsvc.studies.scripts import load_script
from simsvc.sweeps.results import Results
from simsvc.sweeps.sweep import Sweep, sweep

KILLS = load_script(Path(__file__).parents[2] / "tests" / "faults" / "kill_sweeps.py")


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Starts and kills sweeps, schedulers and workers; see tests/faults/kill_sweeps.py."""
    home = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path_factory.getbasetemp()
    folder = home / f"simsvc-dask-{os.getpid()}"
    folder.mkdir()
    try:
        with KILLS.Nursery() as nursery:
            yield KILLS.Trials(nursery, folder)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def start(trials: Any) -> Iterator[Callable[[int], str]]:
    """Starts a scheduler with some workers, for the length of a test; gives its address."""
    started = []

    def begin(workers: int) -> str:
        port = KILLS.free_port()
        log = trials.folder / "dask.log"
        started.append(trials.nursery.start("scheduler", log, port=port))
        KILLS.answers(port)
        address = f"tcp://127.0.0.1:{port}"
        started.extend(trials.nursery.start("worker", log, address=address) for _ in range(workers))
        return address

    yield begin
    for pid in started:
        trials.nursery.kill(pid)


def test_workers_elsewhere_compute_the_same(start: Callable[[int], str], trials: Any, tmp_path: Path) -> None:
    found = sweep(KILLS.DESIGN, tmp_path / "out", dask=start(2))
    KILLS.check_same(found.folder, trials.undisturbed)


def test_a_sweep_begun_here_may_be_finished_there(start: Callable[[int], str], trials: Any, tmp_path: Path) -> None:
    with Sweep(KILLS.DESIGN, tmp_path / "out") as work:
        work.perform(list(KILLS.DESIGN.tasks())[::2])
    with Sweep(KILLS.DESIGN, tmp_path / "out", dask=start(1)) as work:
        assert work.found == len(KILLS.DESIGN) // 2
        work.perform()
    KILLS.check_same(tmp_path / "out", trials.undisturbed)


def test_workers_that_are_killed_cost_nothing_but_time(trials: Any) -> None:
    assert trials.workers(3) == 3


def test_a_killed_scheduler_stops_the_sweep_and_loses_nothing(trials: Any) -> None:
    assert trials.schedulers(2) >= 1  # the sweep may have ended before


def test_without_its_scheduler_the_command_ends_in_one_line(trials: Any, tmp_path: Path) -> None:
    port = KILLS.free_port()
    scheduler = trials.nursery.start("scheduler", tmp_path / "dask.log", port=port)
    KILLS.answers(port)
    address = f"tcp://127.0.0.1:{port}"
    worker = trials.nursery.start("worker", tmp_path / "dask.log", address=address)
    design, folder = tmp_path / "design.toml", tmp_path / "out"
    design.write_text('scenario = "classroom"\nreplications = 5000\ndays = 100\n')
    words = [sys.executable, "-m", "simsvc", "sweep", str(design), "--out", str(folder), "--dask", address]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        ledger = folder / "ledger.jsonl"
        while program.poll() is None and not (ledger.exists() and ledger.stat().st_size):
            time.sleep(0.05)
        trials.nursery.kill(scheduler)
        _, said = program.communicate(timeout=120)
    trials.nursery.kill(worker)
    assert program.returncode == 1
    assert "Traceback" not in said
    assert f"the Dask scheduler at {address} is gone; every finished run is kept" in said.splitlines()[-1]
    assert len(Results(folder).runs()) > 0


def test_workers_may_come_after_the_sweep_has_begun(start: Callable[[int], str], trials: Any, tmp_path: Path) -> None:
    address = start(0)
    said: list[str] = []

    def say(message: str) -> None:
        said.append(message)
        trials.nursery.start("worker", trials.folder / "late.log", address=address)

    with Sweep(KILLS.DESIGN, tmp_path / "out", dask=address, say=say) as work:
        work.perform()
    assert said == [f"No workers there yet; start some with 'dask worker {address}'. Waiting for them."]
    KILLS.check_same(tmp_path / "out", trials.undisturbed)


def orders(count: int) -> list[Order]:
    """The first orders of the design."""
    design = KILLS.DESIGN
    return [
        Order(design.settings_of(task), design.root_seed, task.luck, task.number, design.run_id(task))
        for task, _ in zip(design.tasks(), range(count), strict=False)
    ]


def performed(address: str, some: list[Any]) -> list[Outcome]:
    with Cluster(address, lambda message: None) as connection:
        return list(connection.as_finished(some))


def test_a_worker_with_another_version_is_refused(start: Callable[[int], str]) -> None:
    good, other = orders(2)
    with pytest.raises(InputError, match=r"a worker has another version of simsvc .* install the same one everywhere"):
        performed(start(1), [good, replace(other, version="0123456789abcdef")])


def test_a_run_that_kills_its_workers_is_a_failed_row(
    start: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly:
        """In place of a version: whoever compares it dies."""

        def __ne__(self, other: object) -> bool:
            os._exit(1)

    monkeypatch.setattr(cluster, "LIVES", 1)
    good, bad = orders(2)
    found = {outcome.order.run: outcome for outcome in performed(start(6), [replace(bad, version=Deadly()), good])}
    assert not found[good.run].failed
    assert found[bad.run].stage == "worker"
    assert "every worker that ran it died" in found[bad.run].message


class Remote:
    """What Dask gives for runs handed out; they are over at once. Whoever runs number 13 dies."""

    def __init__(self, function: Callable[..., Any], given: list[Order], key: str) -> None:
        self.key, self.given, self.function = key, given, function
        self.status = "error" if any(order.number == 13 for order in given) else "finished"

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def result(self, timeout: float) -> list[Outcome]:
        if self.status == "error":
            raise KilledWorker(self.key, SimpleNamespace(address="one"), 3)
        return self.function(self.given)  # type: ignore[no-any-return]

    def release(self) -> None:
        pass


class Scheduler:
    """Dask's client, with two workers; notes how many runs go together."""

    status = "running"
    together: ClassVar[list[list[int]]] = []

    def __init__(self, *_: Any, **__: Any) -> None:
        self.together.clear()

    def nthreads(self) -> dict[str, int]:
        return {"one": 1, "other": 1}

    def submit(self, function: Callable[..., Any], given: list[Order], key: str, pure: bool) -> Remote:
        self.together.append([order.number for order in given])
        return Remote(function, given, key)

    def close(self, timeout: float) -> None:
        pass


def test_short_runs_go_together_and_one_that_kills_is_found_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.Client", Scheduler)
    monkeypatch.setattr(cluster, "LIVES", 2)
    monkeypatch.setattr(cluster, "perform_all", lambda given: [Outcome(one, seconds=0.05) for one in given])
    some = [replace(orders(1)[0], number=k) for k in range(60)]
    found = performed("tcp://127.0.0.1:1", some)
    assert sorted(one.order.number for one in found) == list(range(60))
    assert [one.order.number for one in found if one.failed] == [13]
    assert "every worker that ran it died" in next(one.message for one in found if one.failed)
    sizes = [len(one) for one in Scheduler.together]
    assert sizes[0] == 1  # nobody knows yet how long they take
    assert max(sizes) == 5  # of 0.05 s, in a quarter of a second
    assert [13] in Scheduler.together  # alone, after it had gone with others


_IMPATIENT = """
import distributed
from simsvc.cli.app import main
client = distributed.Client
distributed.Client = lambda address, timeout, **others: client(address, timeout=1, **others)
main()
"""
"""The program, waiting for a second instead of ten."""


def test_nobody_at_the_address_is_one_line_and_code_two(command: Command) -> None:
    """In a process of its own, because Dask may still say something when it ends."""
    Path("design.toml").write_text('scenario = "classroom"\nreplications = 1\ndays = 5\n')
    address = f"tcp://127.0.0.1:{KILLS.free_port()}"
    words = [sys.executable, "-c", _IMPATIENT, "sweep", "design.toml", "--out", "out", "--dask", address]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    nonsense = command("sweep", "design.toml", "--out", "out", "--dask", "nonsense")
    for dask, why, (code, out, err) in (
        (address, "no Dask scheduler answers there", (done.returncode, done.stdout, done.stderr)),
        ("nonsense", "such as tcp://host:8786", nonsense),
    ):
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert f"--dask {dask}: " in err
        assert why in err
    assert not Path("out").exists()


def test_failures_on_workers_come_back_as_data(start: Callable[[int], str]) -> None:
    """Somebody is to be followed who is not there."""
    good, bad = orders(2)
    found = {one.order.run: one for one in performed(start(1), [good, replace(bad, traces={"customer": [10**6]})])}
    assert not found[good.run].failed
    assert (found[bad.run].stage, found[bad.run].metrics) == ("start", {})
    assert "there is no customer 1000000" in found[bad.run].message
