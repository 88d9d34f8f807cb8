"""Experiment scripts in a folder, found and loaded."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

from simsvc.errors import InputError


def study_names(folder: Path) -> list[str]:
    """Names of the scripts in a folder that are studies, the flip first; other scripts have no `STUDY`."""
    names = sorted(path.stem for path in folder.glob("*.py") if "\nSTUDY = " in path.read_text(encoding="utf-8"))
    return sorted(names, key=lambda name: name != "flip")


def as_typed() -> str:
    """The command of a script, for its manifest, without what is a place of this machine or changes no number."""
    said = " ".join(["python", f"experiments/{Path(sys.argv[0]).name}", *sys.argv[1:]])
    return re.sub(r" --(runs|worlds|out|workers)[ =]\S+", "", said)


def load_script(path: Path) -> ModuleType:
    """An experiment script as a module; it has a `STUDY` and a `main`.

    It is read anew each time: Python's own cache takes a script of the same size and second for the same.

    Raises:
        InputError: if there is no such file.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such script")
    module = ModuleType(f"experiment_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(path.read_bytes(), path, "exec"), module.__dict__)
    return module
