"""A command as a process: its streams, its signals, and one line and an exit code for whatever goes wrong."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NoReturn

import typer

from simsvc.errors import AllRunsFailed, InputError, Interrupted, StoppedEarly, Terminated, printable

TYPER: dict[str, Any] = {
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["--help", "-h"], "max_content_width": 100},
}
"""How every parser of a command line behaves."""
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""Every wrong use of the command line; some versions of Typer take it from Click, others have their own."""


def perform(app: typer.Typer, name: str) -> NoReturn:
    """Perform what the command line asks for and end the process; errors are one line that begins with `name`."""
    # Loading makes very many objects that all stay; to look for garbage among them again and again takes time.
    gc.set_threshold(200_000)
    _open_streams()
    message = ""
    try:
        with _requests_to_end():
            code = app(standalone_mode=False) or 0
            sys.stdout.flush()
    except InputError as error:
        code, message = 2, str(error)
    except _UsageError as error:
        code, message = 2, _usage(error, name)
    except (StoppedEarly, AllRunsFailed) as error:
        code, message = 1, str(error)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Terminated:
        code, message = 128 + signal.SIGTERM, "stopped by a request to end (SIGTERM)"
    except (Interrupted, KeyboardInterrupt, typer.Abort) as stop:
        code, message = 130, str(stop)
    except MemoryError:
        code, message = 1, "there is not enough memory for this"
    except OSError as error:
        place = f"{error.filename}: " if error.filename else "cannot write: "
        code, message = 1, f"{place}{error.strerror or error}"
    if code == 130:  # of which the parser of a script gives only the number
        message = message or "stopped by Ctrl-C"
    if message:
        print(f"{name}: {printable(' '.join(message.split()))}", file=sys.stderr)
    gc.freeze()
    sys.exit(code)


def run_script(function: Callable[..., None], name: str) -> NoReturn:
    """Be the command of a script with one function: its arguments are options."""
    app = typer.Typer(add_completion=False, **TYPER)
    app.command()(function)
    perform(app, name)


def _open_streams() -> None:
    """Write nowhere to a stream that whoever started us has closed; never fail on a letter that it does not know."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # takes the number that is free, before a file of results does
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]


@contextlib.contextmanager
def _requests_to_end() -> Iterator[None]:
    """A request of the system to end is heard like Ctrl-C, so that progress and empty folders are cleared away."""
    usual = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _usage(error: Any, name: str) -> str:
    """A message of the parser in the form of ours."""
    message = error.format_message().rstrip(".")
    path = error.ctx.command_path if error.ctx else name
    return f"{message[:1].lower()}{message[1:]} (see '{path} --help')"
