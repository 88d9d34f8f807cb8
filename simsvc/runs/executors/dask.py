"""Runs on the workers of a Dask scheduler: other processes, other machines, a cluster.

The program that was started keeps the folder and hands out runs; workers compute and keep nothing.
They may join, leave and be killed while it goes on: what they had under way is handed out again.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import math
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from simsvc.errors import InputError, StoppedEarly
from simsvc.runs.executors.base import Executor
from simsvc.runs.order import Order, Outcome
from simsvc.runs.perform import perform

PATIENCE = 30.0
"""Seconds without a worker before it is said again."""
_LOGGERS = ("distributed.client", "distributed.core", "distributed.comm")
"""Where Dask prints pages about a lost connection, of which this module says what counts."""
LIVES = 5
"""Times a run is handed out after its worker died, before the run itself is taken for the cause."""
TOGETHER, MOST = 0.25, 50
"""Seconds of work, and most runs, that go to a worker together: to hand one out takes milliseconds."""

Pair = tuple[Order, "Future[Outcome]"]


def perform_all(orders: Sequence[Order]) -> list[Outcome]:
    """Run orders one after the other, on a worker."""
    return [perform(order) for order in orders]


class Cluster(Executor):
    """A connection to a Dask scheduler and its workers.

    Args:
        address: of the scheduler, `tcp://host:8786`.
        say: told when there are no workers.

    Raises:
        InputError: if Dask is not installed or nobody answers at the address.
    """

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise InputError("--dask needs the package distributed: pip install 'simsvc[cluster]'") from None
        if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+", address):  # Dask finds out after 20 s, with a traceback
            raise InputError(f"--dask {address}: should be the address of a Dask scheduler, such as tcp://host:8786")
        self._levels = {name: logging.getLogger(name).level for name in _LOGGERS}
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = Client(address, timeout=10, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            self._loud()
            reason = " ".join(str(error).split())[:100]
            raise InputError(
                f"--dask {address}: no Dask scheduler answers there ({reason}); start one with 'dask scheduler'"
            ) from None
        self.address, self._say = address, say
        self._numbers = itertools.count()
        self._out: dict[str, Any] = {}
        self._seconds = math.inf
        self._threads = 0
        self._asked = -1.0
        self._said = -PATIENCE

    @property
    def workers(self) -> int:
        """Threads of the workers, counted once a second.

        Raises:
            StoppedEarly: if the scheduler is gone.
        """
        now = time.monotonic()
        if now - self._asked < 1:
            return self._threads
        self._asked = now
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:  # Dask has many ways to say that a connection is gone
            raise self._lost() from error
        if self._threads:
            self._said = -PATIENCE
        elif now - self._said > PATIENCE:
            self._said = now
            self._say(f"No workers there yet; start some with 'dask worker {self.address}'. Waiting for them.")
        return self._threads

    @property
    def batch(self) -> int:
        """As many runs as take `TOGETHER` seconds, by those that have come back; one at first."""
        return min(max(int(TOGETHER / self._seconds), 1), MOST)

    def submit(self, order: Order) -> Future[Outcome]:
        """Hand an order to the scheduler."""
        return self.submit_all([order])[0]

    def submit_all(self, orders: Sequence[Order]) -> list[Future[Outcome]]:
        """Hand orders to the scheduler, several together if runs are short."""
        pairs: list[Pair] = [(order, Future()) for order in orders]
        for _, future in pairs:
            future.set_running_or_notify_cancel()  # what Dask has is under way
        together = self.batch
        for first in range(0, len(pairs), together):
            self._hand_out(pairs[first : first + together], LIVES)
        return [future for _, future in pairs]

    def _hand_out(self, pairs: list[Pair], lives: int) -> None:
        first = pairs[0][0]
        key = f"simsvc-{first.run or first.number}-{id(self)}-{next(self._numbers)}"
        remote = self._client.submit(perform_all, [order for order, _ in pairs], key=key, pure=False)
        self._out[key] = remote  # Dask forgets what nobody holds
        remote.add_done_callback(lambda done: self._take_back(done, pairs, lives))

    def _take_back(self, remote: Any, pairs: list[Pair], lives: int) -> None:
        """Tell futures what came of their orders, or hand these out again. Called in a thread of Dask."""
        self._out.pop(remote.key)
        try:
            outcomes = self._come_back(remote, pairs, lives)
            if outcomes is not None:
                for (_, future), outcome in zip(pairs, outcomes, strict=True):
                    future.set_result(outcome)
            elif remote.status == "lost":  # with the worker that had run it
                self._hand_out(pairs, lives)
            else:
                for pair in pairs:  # each alone, as one of them may be the cause
                    self._hand_out([pair], lives - 1)
        except Exception as error:
            is_known = isinstance(error, InputError | StoppedEarly)
            for _, future in pairs:
                if not future.done():
                    future.set_exception(error if is_known else self._lost())

    def _come_back(self, remote: Any, pairs: list[Pair], lives: int) -> list[Outcome] | None:
        """What came of orders; `None` if they have to be handed out again."""
        from distributed import KilledWorker

        if remote.status == "lost" and self._client.status == "running":
            return None
        if remote.status in ("cancelled", "lost"):
            raise self._lost()
        try:
            outcomes: list[Outcome] = remote.result(timeout=60)
        except InputError:  # another version of this program
            raise
        except Exception as error:
            died = isinstance(error, KilledWorker)
            if not died and self._client.status != "running":
                raise self._lost() from error
            if lives > 1 or len(pairs) > 1:
                return None
            reason = f"every worker that ran it died: {error}" if died else f"{type(error).__name__}: {error}"
            return [Outcome(order, stage="worker", message=" ".join(reason.split())) for order, _ in pairs]
        remote.release()
        self._seconds = max(sum(outcome.seconds for outcome in outcomes) / len(outcomes), 1e-6)  # of coarse clocks 0
        return outcomes

    def close(self) -> None:
        """Let go of the scheduler."""
        with contextlib.suppress(Exception):  # whatever is wrong with a lost scheduler has been said
            self._client.close(timeout=2)
        self._loud()

    def _loud(self) -> None:
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    def _lost(self) -> StoppedEarly:
        return StoppedEarly(
            f"the Dask scheduler at {self.address} is gone; every finished run is kept: "
            "start it again and give the same command again"
        )


def connect(address: str, say: Callable[[str], None]) -> Executor:
    """The cluster at an address; see `simsvc.runs.executors.CLUSTERS`."""
    return Cluster(address, say)
