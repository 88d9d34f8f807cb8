"""Where runs are performed: the one interface that every place of work has."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from itertools import islice, takewhile
from typing import Self

from simsvc.errors import InputError, StoppedEarly
from simsvc.runs.order import Order, Outcome

AHEAD = 3
"""Orders handed out per worker, so that none waits for the next one."""
PULSE = 0.5
"""Seconds after which it is looked again whether there are other workers than before."""


class Executor(ABC):
    """Performs orders somewhere. Use it in a `with` statement.

    A new kind of executor says how one order is submitted, how many workers there are and how they are let go; how
    orders are taken up, awaited and given back is the same for all.
    """

    is_here = False
    """Whether runs are performed in this process, so that what one of them takes can be tried."""

    @property
    @abstractmethod
    def workers(self) -> int:
        """Runs that are performed at the same time; may change, and be 0 for a while."""

    @property
    def batch(self) -> int:
        """Orders that go to a worker together; may change."""
        return 1

    @abstractmethod
    def submit(self, order: Order) -> Future[Outcome]:
        """Begin an order as soon as there is a free worker; what `simsvc.runs.perform.perform` gives is its result.

        A future with an exception is a run that failed with its worker, unless it is an `InputError` or
        `StoppedEarly`: then nothing more can be run.
        """

    def submit_all(self, orders: Sequence[Order]) -> list[Future[Outcome]]:
        """Begin several orders, at most `batch` of them at a time."""
        return [self.submit(order) for order in orders]

    @abstractmethod
    def close(self) -> None:
        """Let go of the workers."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def as_finished(self, orders: Iterable[Order], stopped: threading.Event | None = None) -> Iterator[Outcome]:
        """What came of orders, each as soon as it is there.

        Args:
            orders: taken up lazily, a few per worker ahead, so neither orders nor outcomes pile up. When the caller
                stops, what has not begun is dropped.
            stopped: set when no more are wanted than are under way.

        Raises:
            InputError: if workers have another version of this program.
            StoppedEarly: if the workers are lost for good.
        """
        return self._outcomes(orders, stopped or threading.Event(), ordered=False)

    def in_order(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        """As `as_finished`, but in the order of the orders, so that results do not depend on who was first."""
        return self._outcomes(orders, threading.Event(), ordered=True)

    def _outcomes(self, orders: Iterable[Order], stopped: threading.Event, *, ordered: bool) -> Iterator[Outcome]:
        coming = iter(orders)
        waiting: dict[Future[Outcome], Order] = {}
        ended: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        is_exhausted = False
        try:
            while True:
                workers = self.workers
                batch = self.batch
                room = AHEAD * workers * batch - len(waiting)
                room = 0 if stopped.is_set() or room < batch else room
                taken = list(islice(coming, room))
                is_exhausted = is_exhausted or len(taken) < room
                for order, future in zip(taken, self.submit_all(taken), strict=True):
                    waiting[future] = order
                    future.add_done_callback(ended.put)
                if stopped.is_set():
                    waiting = {future: order for future, order in waiting.items() if not future.cancel()}
                    if not workers:
                        return
                if not waiting and (is_exhausted or stopped.is_set()):
                    return
                try:
                    finished = [ended.get(timeout=PULSE)]
                except queue.Empty:
                    continue
                while not ended.empty():
                    finished.append(ended.get())
                if ordered:
                    finished = list(takewhile(Future.done, waiting))
                for future in finished:
                    if future in waiting:
                        yield _outcome(future, waiting.pop(future))
        except BrokenExecutor as error:
            raise StoppedEarly(f"the workers are gone ({error}); every finished run is kept") from error
        finally:
            for future in waiting:
                future.cancel()


def _outcome(future: Future[Outcome], order: Order) -> Outcome:
    try:
        outcome = future.result()
        outcome.order = order
        return outcome
    except (InputError, StoppedEarly, BrokenExecutor):
        raise
    except Exception as error:
        return Outcome(order, stage="worker", message=" ".join(f"{type(error).__name__}: {error}".split()))
