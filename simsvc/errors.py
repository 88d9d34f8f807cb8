"""Errors with a message for the user."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Iterable


class InputError(ValueError):
    """Input that cannot be used; the message is one line and says what is allowed.

    The command line prints the message and exits with code 2. Scripts may catch it; it is a
    `ValueError`.

    Args:
        message: words of it that are longer than any name of a file are shortened.
    """

    def __init__(self, message: str) -> None:
        super().__init__(re.sub(rf"\S{{{_LONG},}}", lambda word: f"{word[0][:120]}...{word[0][-40:]}", message))


_LONG = 300
"""Letters of a word that nobody writes by hand."""


LARGEST = 2**63 - 1
"""The largest seed, and the largest whole number that the command line takes."""

MOST_WORKERS = 1024
"""Threads that may be asked for."""


def check_range(what: str, value: float, low: float, high: float = 1_000_000) -> None:
    """See that a number that was asked for is within its range.

    Raises:
        InputError: naming it, its value and what is allowed.
    """
    if not low <= value <= high:
        raise InputError(f"{what} = {value}: allowed: {low} to {high}")


class AllRunsFailed(RuntimeError):
    """No run of an experiment came to its end; the message is that of the first failure."""


class RunFailed(RuntimeError):
    """A run failed of those that are all needed; the message says why and ends with the traceback."""


class StoppedEarly(RuntimeError):
    """Work that could not go on to its end, such as on a full disk; what was finished is kept.

    The command line prints the message and exits with code 1.
    """


class Terminated(BaseException):
    """The system asked the program to end (SIGTERM); like after Ctrl-C, work is broken off and left in order."""


def needs(module: str, extra: str, what: str) -> None:
    """See that a package is there that a plain installation leaves out.

    Args:
        module: by which it is imported.
        extra: of the installation that brings it.
        what: needs it; the message begins with it.

    Raises:
        InputError: if it is missing, with the command that installs it.
    """
    if importlib.util.find_spec(module) is None:
        package = {"sklearn": "scikit-learn"}.get(module, module)
        raise InputError(f"{what} needs the package {package}: pip install 'simsvc[{extra}]'")


class Interrupted(RuntimeError):
    """A command that was asked to stop; the message says what is kept. Exit code 130."""


def printable(text: str) -> str:
    """A text whose control characters, which could change what a terminal shows, are written out in letters."""
    return "".join(repr(c)[1:-1] if unicodedata.category(c)[0] == "C" and c != "\n" else c for c in text)


def nearest(name: str, valid: Iterable[str]) -> str:
    """A hint naming the valid spelling closest to `name`, or the empty string if none is close."""
    import difflib  # only for errors: the command line begins sooner without it

    options = list(valid)
    endings = {option.rsplit(".", 1)[-1]: option for option in options} if "." not in name else {}
    close = difflib.get_close_matches(name, endings, n=1, cutoff=0.6)
    found = [endings[close[0]]] if close else difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    return f"; did you mean '{found[0]}'?" if found else ""
