"""Runs on the workers of a Dask scheduler: other processes, other machines, a cluster.

The program that was started keeps the folder and hands out runs; workers compute and keep nothing.
They may join, leave and be killed while it goes on: what they had under way is handed out again.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import re
import time
from collections.abc import Callable
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
        self._out: dict[Future[Outcome], Any] = {}
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

    def submit(self, order: Order) -> Future[Outcome]:
        """Hand an order to the scheduler."""
        future: Future[Outcome] = Future()
        future.set_running_or_notify_cancel()  # what Dask has is under way
        self._hand_out(order, future, LIVES)
        return future

    def _hand_out(self, order: Order, future: Future[Outcome], lives: int) -> None:
        key = f"simsvc-{order.run or order.number}-{id(self)}-{next(self._numbers)}"
        remote = self._client.submit(perform, order, key=key, pure=False)
        self._out[future] = remote  # Dask forgets what nobody holds
        remote.add_done_callback(lambda done: self._take_back(done, order, future, lives))

    def _take_back(self, remote: Any, order: Order, future: Future[Outcome], lives: int) -> None:
        """Tell the future what came of an order, or hand it out again. Called in a thread of Dask."""
        self._out.pop(future)
        try:
            outcome = self._outcome(remote, order, lives)
            if outcome is None:
                again = remote.status == "lost"  # with the worker that had run it
                self._hand_out(order, future, lives if again else lives - 1)
            else:
                future.set_result(outcome)
        except Exception as error:
            is_known = isinstance(error, InputError | StoppedEarly)
            future.set_exception(error if is_known else self._lost())

    def _outcome(self, remote: Any, order: Order, lives: int) -> Outcome | None:
        """What came of an order; `None` if it has to be handed out again."""
        from distributed import KilledWorker

        if remote.status == "lost" and self._client.status == "running":
            return None
        if remote.status in ("cancelled", "lost"):
            raise self._lost()
        try:
            outcome: Outcome = remote.result(timeout=60)
        except InputError:  # another version of this program
            raise
        except Exception as error:
            died = isinstance(error, KilledWorker)
            if not died and self._client.status != "running":
                raise self._lost() from error
            if lives > 1:
                return None
            reason = f"every worker that ran it died: {error}" if died else f"{type(error).__name__}: {error}"
            return Outcome(order, stage="worker", message=" ".join(reason.split()))
        remote.release()
        return outcome

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
