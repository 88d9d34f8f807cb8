"""The real command `simsvc sweep`, killed at random moments, and by the kernel when its group has no memory left.

For the second a memory group of our own is needed (Linux, as root, cgroup version 1 or 2); without it nothing of that
kind is killed, and that is said. `kill_sweeps.py` uses this.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

DESIGN = """scenario = "classroom"
replications = 80
days = 20
[set]
"market.population" = 60
"market.customers" = 30
[vary]
"workforce.frontline" = [4, 6, 8]
"""
"""That of `kill_sweeps.LONGER`, as a user writes it."""


def begun(folder: Path, group: Group | None = None) -> subprocess.Popen[str]:
    """The command, begun; its words go into a file beside the folder."""
    design = folder.with_suffix(".toml")
    design.write_text(DESIGN, "utf-8")
    command = [sys.executable, "-m", "simsvc", "sweep", str(design), "--out", str(folder)]
    with folder.with_suffix(".log").open("a", encoding="utf-8") as log:
        join = group.join if group else None
        return subprocess.Popen(command, stderr=log, stdout=log, text=True, preexec_fn=join)


def finished(folder: Path) -> float:
    """The command, left alone: the seconds it took.

    Raises:
        AssertionError: if it failed.
    """
    since = time.monotonic()
    code = begun(folder).wait()
    assert code == 0, folder.with_suffix(".log").read_text("utf-8")
    return time.monotonic() - since


def killed(folder: Path, after: float) -> int:
    """Kill the command after some seconds: 1, or 0 if it had ended."""
    with begun(folder) as work:
        time.sleep(after)
        work.kill()
    return int(work.returncode == -signal.SIGKILL)


def out_of_memory(folder: Path, after: float) -> int:
    """Leave the command after some seconds no more memory than it has: 1 if the kernel killed it, 0 if it had ended."""
    with memory_group() as group, begun(folder, group) as work:
        time.sleep(after)
        group.close()
        work.wait()
        by_kernel = group.kills()
    assert work.returncode == 0 or by_kernel, folder.with_suffix(".log").read_text("utf-8")
    return int(work.returncode == -signal.SIGKILL)


class Group:
    """A group of processes with memory of its own.

    Args:
        folder: of the group.
        limit: name of the file with its limit.
        used: with what it uses.
        events: with how many processes the kernel killed.
    """

    def __init__(self, folder: Path, limit: str, used: str, events: str) -> None:
        self._folder, self._limit, self._used, self._events = folder, folder / limit, folder / used, folder / events

    def join(self) -> None:
        """The calling process becomes a member."""
        (self._folder / "cgroup.procs").write_text(str(os.getpid()), "ascii")

    def close(self) -> None:
        """No more than is used now."""
        with contextlib.suppress(OSError):  # busy: nothing can be given back; the kernel kills all the same
            self._limit.write_text(self._used.read_text("ascii"), "ascii")

    def kills(self) -> int:
        """How many the kernel killed."""
        found = re.search(r"^oom_kill (\d+)", self._events.read_text("ascii"), re.MULTILINE)
        return int(found[1]) if found else 0


@contextlib.contextmanager
def memory_group() -> Iterator[Group]:
    """A new group.

    Raises:
        OSError: if there are none, or none may be made.
    """
    root = Path("/sys/fs/cgroup")
    old = (root / "memory").exists()
    folder = (root / "memory" if old else root) / f"simsvc-{os.getpid()}-{time.monotonic_ns()}"
    folder.mkdir()
    files = ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control") if old else (
        "memory.max", "memory.current", "memory.events")  # fmt: skip
    try:
        group = Group(folder, *files)
        if not group._limit.exists():
            raise OSError(f"{folder}: groups have no memory of their own here")
        if not old:
            (folder / "memory.swap.max").write_text("0", "ascii")
        yield group
    finally:
        folder.rmdir()


def ways() -> dict[str, Callable[[Path, float], int]]:
    """How the command is killed here."""
    found = {"the command": killed}
    try:
        with memory_group():
            found["the command, out of memory"] = out_of_memory
    except OSError as error:
        print(f"No command runs out of memory: {error}", file=sys.stderr)
    return found
