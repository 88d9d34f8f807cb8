"""Where runs are performed: whatever the place, the same outcomes; a new one is a few lines."""

from __future__ import annotations

import inspect
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor as AnyPool
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import simsvc
from simsvc.comparison.compute import compare
from simsvc.errors import InputError, RunFailed, StoppedEarly
from simsvc.model.rows import DAY
from simsvc.organization import ServiceOrganization
from simsvc.runs import executors
from simsvc.runs.executors import CLUSTERS, Executor, executor_for
from simsvc.runs.executors.base import AHEAD
from simsvc.runs.executors.threads import Threads
from simsvc.runs.metrics import summary
from simsvc.runs.order import Order, Outcome, keeping_rows
from simsvc.runs.perform import perform
from simsvc.scenario.loading import load_scenario, with_days
from simsvc.selection.compute import best
from simsvc.studies.study import Study
from simsvc.sweeps.design import Design
from simsvc.sweeps.sweep import Sweep, sweep

SMALL = with_days(load_scenario("classroom", {"market.population": 400, "market.customers": 200}), 20)


class Elsewhere(Executor):
    """A toy cluster: a thread for each order."""

    workers = 2

    def __init__(self, work: Callable[[Order], object] = lambda order: None) -> None:
        self.work = work

    def submit(self, order: Order) -> Future[Outcome]:
        future: Future[Outcome] = Future()

        def work() -> None:
            self.work(order)
            future.set_result(Outcome(order, seen=order.number))

        threading.Thread(target=work).start()
        return future

    def close(self) -> None:
        self.closed = True


def orders(count: int, taken: list[int] | None = None) -> Iterator[Order]:
    for k in range(count):
        if taken is not None:
            taken.append(k)
        yield Order(SMALL, seed=3, replication=k, number=k)


def numbers(outcomes: Iterator[Outcome]) -> list[int]:
    return [outcome.or_raise().order.number for outcome in outcomes]


# -- one way to perform runs ---------------------------------------------------------------------------------------


def test_an_order_gives_what_the_model_gives_by_hand() -> None:
    model = ServiceOrganization(SMALL, rng=3, replication=2)
    model.advance(20)
    rows = model.state.days[:20]
    outcome = perform(Order(SMALL, seed=3, replication=2, series=("all",), drive=keeping_rows))
    assert repr(outcome.metrics) == repr(summary(rows, SMALL.run.settling))  # nan is nan
    assert outcome.seen.tobytes() == rows.tobytes()
    assert outcome.days is not None
    assert list(outcome.days) == list(DAY.names or ())
    assert simsvc.run(SMALL, 3, replication=2).rows.tobytes() == rows.tobytes()


def test_what_goes_wrong_in_a_run_is_data_here_and_an_error_for_who_needs_it() -> None:
    outcome = perform(Order(SMALL, seed=3, traces={"customer": [10**6]}))
    assert (outcome.stage, outcome.metrics, outcome.seen) == ("start", {}, None)
    with pytest.raises(RunFailed, match=r"there is no customer 1000000(.|\n)*Traceback"):
        outcome.or_raise()
    with pytest.raises(InputError, match="rng = -1: allowed: 0 to"):
        simsvc.run(SMALL, -1)


# -- what all executors have in common -----------------------------------------------------------------------------


def test_outcomes_come_back_in_order_and_orders_are_taken_up_lazily() -> None:
    taken: list[int] = []
    outcomes = Elsewhere(lambda order: time.sleep(0.02 * (order.number % 3 == 0))).in_order(orders(100, taken))
    assert [next(outcomes).order.number for _ in range(5)] == [0, 1, 2, 3, 4]
    assert len(taken) < 20
    assert numbers(outcomes) == list(range(5, 100))


def test_neither_orders_nor_outcomes_pile_up_behind_a_slow_one() -> None:
    taken: list[int] = []
    outcomes = Elsewhere(lambda order: time.sleep(0.5 * (order.number == 0))).in_order(orders(100, taken))
    assert next(outcomes).order.number == 0
    assert len(taken) <= 2 * AHEAD


def test_each_outcome_is_there_as_soon_as_it_can_be() -> None:
    others_are_back = threading.Event()
    outcomes = Elsewhere(lambda order: order.number or others_are_back.wait()).as_finished(orders(5))
    assert {next(outcomes).order.number for _ in range(4)} == {1, 2, 3, 4}
    others_are_back.set()
    assert numbers(outcomes) == [0]


def test_when_the_caller_stops_what_has_not_begun_is_dropped() -> None:
    begun = []

    def slow(model: ServiceOrganization, days: int) -> None:
        begun.append(model)
        time.sleep(0.1)
        model.advance(days)

    with Threads(1) as threads:
        outcomes = threads.as_finished(Order(SMALL, 3, number=k, drive=slow) for k in range(100))
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]
    assert len(begun) <= 2


def test_once_stopped_the_runs_under_way_end_and_no_more_begin() -> None:
    stopped = threading.Event()
    with Threads(2) as threads:
        outcomes = threads.as_finished(orders(100), stopped)
        next(outcomes)
        stopped.set()
        assert len(list(outcomes)) <= AHEAD * 2


def test_workers_that_are_not_there_yet_are_waited_for_until_it_is_stopped() -> None:
    place, stopped = Elsewhere(), threading.Event()
    place.workers = 0
    threading.Timer(0.2, lambda: setattr(place, "workers", 1)).start()
    assert numbers(place.as_finished(orders(3), stopped)) == [0, 1, 2]
    place.workers = 0
    threading.Timer(0.2, stopped.set).start()
    assert numbers(place.as_finished(orders(3), stopped)) == []


def test_a_pool_that_breaks_stops_the_work_and_an_order_that_cannot_be_sent_fails_alone() -> None:
    def here_only(model: ServiceOrganization, days: int) -> None:
        raise AssertionError("never called: a function in a function cannot be pickled")

    with ProcessPoolExecutor(1, get_context("spawn")) as pool, executor_for(executor=pool) as place:
        bad, good = Order(SMALL, 3, number=0, drive=here_only), Order(SMALL, 3, number=1)
        failed, fine = place.in_order([bad, good])
        assert (failed.stage, fine.failed) == ("worker", False)
        assert "pickle" in failed.message
        with pytest.raises(StoppedEarly, match="every finished run is kept"):
            list(place.in_order([Order(SMALL, 3, drive=die)]))
        with pytest.raises(StoppedEarly, match="every finished run is kept"):
            list(place.in_order([good]))


def die(model: ServiceOrganization, days: int) -> None:
    """A drive that takes its process with it."""
    os._exit(1)


# -- the executors of Python ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["threads", "processes"])
def pool(request: pytest.FixtureRequest) -> Iterator[AnyPool]:
    made = ThreadPoolExecutor(2) if request.param == "threads" else ProcessPoolExecutor(2, get_context("spawn"))
    with made as given:
        yield given


def test_any_executor_of_python_computes_the_same_and_stays_open(pool: AnyPool, tmp_path: Path) -> None:
    compared = [
        json.dumps(compare(SMALL, replications=2, executor=executor).as_json()) for executor in (None, pool, pool)
    ]
    assert compared[0] == compared[1] == compared[2]
    design = Design("classroom", vary={"workforce.frontline": [5, 6]}, replications=2, days=10)
    found = [sweep(design, executor=executor).runs() for executor in (None, pool)]
    pd.testing.assert_frame_equal(*found)
    chosen = [best(SMALL, ["flat", "inverted"], replications=10, executor=executor).values for executor in (None, pool)]
    pd.testing.assert_frame_equal(*chosen)
    assert pool.submit(math.sqrt, 4.0).result() == 2.0


# -- which one it is -----------------------------------------------------------------------------------------------


def test_a_new_executor_is_one_module_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    made, module = [], ModuleType("toy")

    def connect(address: str, say: Callable[[str], None]) -> Executor:
        made.append(Elsewhere())
        return made[0]

    monkeypatch.setattr(module, "connect", connect, raising=False)
    monkeypatch.setitem(sys.modules, "toy", module)
    monkeypatch.setitem(CLUSTERS, "toy", "toy")
    with executor_for(dask="toy://head:1") as place:
        assert numbers(place.in_order(orders(3))) == [0, 1, 2]
    assert made[0].closed


def test_an_executor_that_is_given_is_not_closed() -> None:
    mine = Elsewhere()
    with executor_for(executor=mine) as place:
        assert place is mine
    assert not hasattr(mine, "closed")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"workers": 0}, "workers = 0: allowed: 1 to 1024"),
        ({"workers": 1, "dask": "tcp://host:8786"}, "with Dask, start more or fewer of its workers instead"),
        ({"workers": 1, "executor": Elsewhere()}, "leave out workers and dask"),
        ({"dask": "nonsense"}, "should be the address of a Dask scheduler, such as tcp://host:8786"),
    ],
)
def test_what_cannot_be_had_is_one_line(asked: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message), executor_for(**asked):  # type: ignore[arg-type]
        pass


def test_the_number_of_workers_is_that_of_the_pool() -> None:
    with Threads(3) as threads, ThreadPoolExecutor(5) as given, executor_for(executor=given) as place:
        assert (threads.workers, place.workers, executors.Threads().workers) == (3, 5, executors.threads.cores())


@pytest.mark.parametrize("ask", [simsvc.compare, simsvc.decompose, simsvc.best, simsvc.staff, simsvc.robust])
def test_an_argument_that_there_is_not_is_named_before_anything_runs(
    ask: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simsvc.runs.perform._run", lambda outcome: pytest.fail("something runs"))
    with pytest.raises(TypeError, match="'wokers'"):
        ask("classroom", wokers=2)


@pytest.mark.parametrize("ask", [simsvc.compare, simsvc.decompose, simsvc.best, simsvc.staff, simsvc.robust])
def test_help_lists_every_argument(ask: Callable[..., object]) -> None:
    keywords = inspect.signature(ask).parameters
    assert {"workers", "dask", "executor", "days", "seed", "own", "watch"} <= set(keywords)
    assert all(one.kind != inspect.Parameter.VAR_KEYWORD for one in keywords.values())


@pytest.mark.parametrize(("ask", "named"), [(Sweep, "Sweep.__init__"), (Study.perform, "Study.perform")])
def test_so_does_that_of_what_performs_runs_by_itself(ask: Callable[..., object], named: str) -> None:
    keywords = inspect.signature(ask).parameters
    assert list(keywords)[-3:] == ["workers", "dask", "executor"]
    with pytest.raises(TypeError, match=rf"^{named}\(\) got an unexpected keyword argument 'wokers'"):
        ask(wokers=2)
