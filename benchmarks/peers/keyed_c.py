"""The minimal workload in C: `keyed.c`, compiled when this module is imported, on the arrays of `keyed.py`."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from peers import keyed

NAME = "C"
COMPILER = ("gcc", "-O3", "-march=native", "-shared", "-fPIC")


def _compiled() -> Any:
    if shutil.which(COMPILER[0]) is None:
        raise ImportError(f"there is no {COMPILER[0]} here")
    with tempfile.TemporaryDirectory() as home:
        library = Path(home) / "keyed.so"
        source = Path(__file__).with_name("keyed.c")
        subprocess.run([*COMPILER, str(source), "-o", str(library), "-lm"], check=True)
        return ctypes.CDLL(str(library))


_C = _compiled()


def _at(array: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


class Service(keyed.Service):
    """The minimal workload."""

    @staticmethod
    def begin(key: Any, due: Any) -> None:
        """Draw everybody's first day of contact."""
        _C.begin(_at(key), _at(due), ctypes.c_int64(len(due)))

    @staticmethod
    def live(key: Any, first: int, days: int, *rows: Any) -> None:
        """So many days from the first on."""
        sizes = (first, days, len(rows[0]), len(rows[3]), len(rows[6]))
        _C.live(_at(key), *map(ctypes.c_int64, sizes), *map(_at, rows))
