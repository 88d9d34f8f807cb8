"""Many runs at once: threads, because compiled days release the interpreter lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from simsvc.errors import InputError

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """Cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def workers_to_use(workers: int | None, dask: str | None = None) -> int:
    """Number of threads: what is asked for, or as many as cores.

    Args:
        workers: what is asked for.
        dask: address of a scheduler whose workers run everything instead.

    Raises:
        InputError: for fewer than one, or if there are to be no threads.
    """
    if workers is not None and dask is not None:
        raise InputError("workers are threads of this machine; with Dask, start more or fewer of its workers instead")
    if workers is not None and workers < 1:
        raise InputError(f"workers = {workers}: allowed is 1 or more")
    return workers or cores()


def in_order(function: Callable[[T], R], tasks: Iterable[T], workers: int) -> Iterator[R]:
    """Results of `function` on each task, in the order of the tasks, computed in threads.

    Tasks are taken up lazily, a few per worker ahead, so neither tasks nor results pile up. When
    the caller stops, what has not begun is dropped.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="run") as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(function, task))
                if len(waiting) >= 3 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def as_finished(function: Callable[[T], R], tasks: Iterable[T], workers: int) -> Iterator[R]:
    """As `in_order`, but each result as soon as it is there, for whoever keeps them."""
    with ThreadPoolExecutor(workers, thread_name_prefix="run") as pool:
        coming = iter(tasks)
        waiting: set[Future[R]] = set()
        try:
            while True:
                waiting |= {pool.submit(function, task) for task in islice(coming, 2 * workers - len(waiting))}
                if not waiting:
                    return
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()
