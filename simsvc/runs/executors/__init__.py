"""Where runs are performed: threads here, a pool that somebody gives, workers of a cluster."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, ParamSpec, TypedDict, TypeVar, get_args

from simsvc.errors import MOST_WORKERS, InputError, check_range
from simsvc.runs.executors.base import Executor as Executor
from simsvc.runs.executors.threads import Pool, Threads

P = ParamSpec("P")
T = TypeVar("T")

CLUSTERS = {"tcp": "simsvc.runs.executors.dask", "tls": "simsvc.runs.executors.dask"}
"""By the scheme of its address, the module that reaches a cluster: it has `connect(address, say) -> Executor`."""

AnyExecutor = Executor | concurrent.futures.Executor
"""What the functions of this program take as an executor."""


class Where(TypedDict, total=False):
    """Where runs are performed, as arguments of whatever performs some.

    Attributes:
        workers: threads; as many as cores if left out. No result depends on it.
        dask: address of a Dask scheduler to run on instead, `tcp://host:8786`.
        executor: performs the runs instead, and stays open; any of `concurrent.futures` will do.
    """

    workers: int | None
    dask: str | None
    executor: AnyExecutor | None


def spelt_out(function: Callable[P, T]) -> Callable[P, T]:
    """Let `help()` and notebooks list the keywords of a function that takes `**some: Unpack[...]` one by one.

    What each means stands in place of their collection; one that there is not is an error of this function.
    """
    signature = inspect.signature(function)
    *others, last = signature.parameters.values()
    (kind,) = get_args(eval(last.annotation, function.__globals__))
    hints: dict[str, Any] = {}
    texts: list[str] = []
    for one in dict.fromkeys((kind, Where)):
        hints |= {
            name: hint
            for name, hint in one.__annotations__.items()
            if one is Where or name not in Where.__annotations__
        }
        texts += inspect.cleandoc(one.__doc__ or "").partition("Attributes:\n")[2].splitlines()

    keyword = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY, default=None)
    keywords = [keyword(name, annotation=getattr(hint, "__forward_arg__", hint)) for name, hint in hints.items()]
    spelt = signature.replace(parameters=[*others, *keywords])

    @functools.wraps(function)
    def called(*values: P.args, **named: P.kwargs) -> T:
        for name in named:
            if name not in spelt.parameters:
                raise TypeError(f"{function.__qualname__}() got an unexpected keyword argument '{name}'")
        return function(*values, **named)

    called.__signature__ = spelt  # type: ignore[attr-defined]
    called.__doc__ = re.sub(
        rf"^( +){last.name}: .*$", lambda found: "\n".join(found[1] + text.strip() for text in texts),
        function.__doc__ or "", flags=re.MULTILINE,
    )  # fmt: skip
    return called


make_ready: ContextVar[Callable[[], None]] = ContextVar("make_ready", default=lambda: None)
"""What a command does before runs are performed here, once everything that was asked for is known to be possible."""


@contextlib.contextmanager
def executor_for(
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    say: Callable[[str], None] | None = None,
) -> Iterator[Executor]:
    """The executor asked for: threads, unless something else is said. What is given is not closed, what is made is.

    Args:
        workers: threads; as many as cores if left out.
        dask: address of a scheduler whose workers run everything instead, `tcp://host:8786`.
        executor: of this program or of `concurrent.futures`, made by somebody else.
        say: told, in a line each, what is waited for.

    Raises:
        InputError: for fewer than one worker, more than one of the three, or if nobody answers at the address.
    """
    if workers is not None and dask is not None:
        raise InputError("workers are threads of this machine; with Dask, start more or fewer of its workers instead")
    if workers is not None:
        check_range("workers", workers, 1, MOST_WORKERS)
    if executor is not None:
        if workers is not None or dask is not None:
            raise InputError("executor: says where runs are performed; leave out workers and dask")
        yield executor if isinstance(executor, Executor) else Pool(executor)
    elif dask is not None:
        scheme = dask.partition("://")[0]
        module = importlib.import_module(CLUSTERS.get(scheme, CLUSTERS["tcp"]))
        with module.connect(dask, say or (lambda message: None)) as cluster:
            yield cluster
    else:
        make_ready.get()()
        with Threads(workers) as threads:
            yield threads
