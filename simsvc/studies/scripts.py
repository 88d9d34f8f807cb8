"""Experiment scripts in a folder, found and loaded."""

from __future__ import annotations

import importlib.util
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

    Raises:
        InputError: if there is no such file.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such script")
    spec = importlib.util.spec_from_file_location(f"experiment_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: is not a Python script")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
