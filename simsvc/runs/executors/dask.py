"""Runs of a sweep on the workers of a Dask scheduler: other processes, other machines, a cluster.

The program that was started keeps the folder and hands out runs; workers compute and keep nothing.
They may join, leave and be killed while it goes on: what they had under way is handed out again.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from simsvc.errors import InputError, StoppedEarly
from simsvc.runs.perform import Order, Outcome, perform

AHEAD = 3
"""Runs handed out per thread of the workers, so that none waits for the next one."""
PATIENCE = 30.0
"""Seconds without a worker before it is said again."""
_LOGGERS = ("distributed.client", "distributed.core", "distributed.comm")
"""Where Dask prints pages about a lost connection, of which this module says what counts."""
LIVES = 5
"""Times a run is handed out after its worker died, before the run itself is taken for the cause."""


class Cluster:
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

    def as_finished(self, orders: Iterator[Order], stopped: threading.Event) -> Iterator[Outcome]:
        """Outcomes of orders, as they come back from the workers.

        Args:
            orders: taken up lazily, a few per thread of the workers.
            stopped: set when no more are wanted than are under way.

        Raises:
            InputError: if workers have another version of this program.
            StoppedEarly: if the scheduler is lost on the way.
        """
        return _Hands(self._client, self.address, self._say, stopped).performed(orders)

    def close(self) -> None:
        """Let go of the scheduler."""
        with contextlib.suppress(Exception):  # whatever is wrong with a lost scheduler has been said
            self._client.close(timeout=2)
        self._loud()

    def _loud(self) -> None:
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)


class _Hands:
    """Hands out orders to workers and takes back what comes of them."""

    def __init__(self, client: Any, address: str, say: Callable[[str], None], stopped: threading.Event) -> None:
        self.client, self.address, self.say, self.stopped = client, address, say, stopped
        self.out: dict[str, tuple[Any, Order, int]] = {}
        self.ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.threads = 0
        self._count = 0
        self._asked = -1.0
        self._said = -PATIENCE

    def performed(self, orders: Iterator[Order]) -> Iterator[Outcome]:
        """Outcomes in the order in which they come back."""
        exhausted = False
        while True:
            self._look_round()
            room = max(AHEAD * self.threads - len(self.out), 0)
            coming = list(islice(orders, room))
            for order in coming:
                self._submit(order, LIVES)
            exhausted = exhausted or len(coming) < room
            if not self.out and (exhausted or self.stopped.is_set()):
                return
            if self.stopped.is_set() and not self.threads:
                return
            try:
                keys = [self.ended.get(timeout=0.5)]
            except queue.Empty:
                continue
            while not self.ended.empty():
                keys.append(self.ended.get())
            for key in keys:
                outcome = self._outcome(key)
                if outcome is not None:
                    yield outcome

    def _submit(self, order: Order, lives: int) -> None:
        self._count += 1
        key = f"simsvc-{order.run}-{id(self)}-{self._count}"
        future = self.client.submit(perform, order, key=key, pure=False)
        self.out[key] = future, order, lives
        future.add_done_callback(lambda done: self.ended.put(done.key))

    def _look_round(self) -> None:
        """Count the threads of the workers, once a second."""
        now = time.monotonic()
        if now - self._asked < 1:
            return
        self._asked = now
        try:
            self.threads = sum(self.client.nthreads().values())
        except Exception as error:  # Dask has many ways to say that a connection is gone
            raise self._lost() from error
        if self.threads:
            self._said = -PATIENCE
        elif now - self._said > PATIENCE:
            self._said = now
            self.say(f"No workers there yet; start some with 'dask worker {self.address}'. Waiting for them.")

    def _outcome(self, key: str) -> Outcome | None:
        """What came of an order; `None` if it was handed out again."""
        from distributed import KilledWorker

        future, order, lives = self.out.pop(key)
        if future.status == "lost" and self.client.status == "running":  # with the worker that had run it
            self._submit(order, lives)
            return None
        if future.status in ("cancelled", "lost"):
            raise self._lost()
        try:
            outcome: Outcome = future.result(timeout=60)
        except InputError:  # another version of this program
            raise
        except KilledWorker as error:
            if lives > 1:
                self._submit(order, lives - 1)
                return None
            return Outcome(order, stage="worker", message=f"every worker that ran it died: {error}")
        except Exception as error:
            if self.client.status != "running":
                raise self._lost() from error
            if lives > 1:
                self._submit(order, lives - 1)
                return None
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return Outcome(order, stage="worker", message=reason)
        future.release()
        return outcome

    def _lost(self) -> StoppedEarly:
        return StoppedEarly(
            f"the Dask scheduler at {self.address} is gone; every finished run is kept: "
            "start it again and give the same command again"
        )
