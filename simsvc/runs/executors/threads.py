"""Runs in threads of this process, because compiled days release the interpreter lock, or in a given pool."""

from __future__ import annotations

import concurrent.futures
import os

from simsvc.runs.executors.base import Executor
from simsvc.runs.order import Order, Outcome
from simsvc.runs.perform import perform


def cores() -> int:
    """Cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Pool(Executor):
    """Any `concurrent.futures.Executor`: threads, processes, and what others have made of the same kind.

    Args:
        pool: that somebody made.
    """

    def __init__(self, pool: concurrent.futures.Executor) -> None:
        self._pool = pool
        self.is_here = isinstance(pool, concurrent.futures.ThreadPoolExecutor)

    @property
    def workers(self) -> int:
        """Workers of the pool, if it says so; as many as cores otherwise."""
        return getattr(self._pool, "_max_workers", 0) or cores()

    def submit(self, order: Order) -> concurrent.futures.Future[Outcome]:
        """Hand an order to the pool."""
        return self._pool.submit(perform, order)

    def close(self) -> None:
        """Leave the pool open: it belongs to whoever made it."""


class Threads(Pool):
    """Threads of its own.

    Args:
        workers: how many; as many as cores if left out.
    """

    def __init__(self, workers: int | None = None) -> None:
        super().__init__(concurrent.futures.ThreadPoolExecutor(workers or cores(), thread_name_prefix="run"))

    def close(self) -> None:
        """Let the runs under way end and drop the others."""
        self._pool.shutdown(cancel_futures=True)
