"""Result folders: tidy tables, figures, and a manifest with everything needed to repeat the run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from llvmlite.binding import get_host_cpu_name

import simsvc
from simsvc.errors import InputError
from simsvc.model.compiling import model_version
from simsvc.runs.executors.threads import cores
from simsvc.scenario.settings import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def check_writable(folder: Path, besides: Sequence[str] = ()) -> None:
    """Make sure that results can be written to a folder, before hours are spent on them.

    Makes the folder. A folder that holds other results than ours is left alone.

    Args:
        folder: to be written to.
        besides: names of files that may stand there before there is a manifest.

    Raises:
        InputError: if it is a file, cannot be made or written to, or holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; results need a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"{folder}: cannot be written to: {error.strerror}") from None
    note = folder / "manifest.json"
    if not note.exists() and any(path.name not in besides for path in folder.iterdir()):
        raise InputError(f"{folder}: is not empty and holds no results of simsvc; choose another folder")
    if note.exists() and note_of(folder).get("program") != "simsvc":
        raise InputError(f"{folder}: holds the {note.name} of another program; choose another folder")


def note_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; empty if there is none that can be read."""
    try:
        content = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def manifest(scenario: Scenario, command: str, **more: Any) -> dict[str, Any]:
    """What is needed to repeat a result: settings, seed, versions, commit, platform, command."""
    packages = ("mesa", "numba", "numpy", "pandas", "scipy", "pydantic", "matplotlib", "pyarrow")
    return {
        "program": "simsvc",
        "version": simsvc.__version__,
        "commit": commit(),
        "model": model_version(),
        "command": command,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": machine(),
        "packages": {name: metadata.version(name) for name in packages},
        **more,
        **({"own_rules": {"file": scenario.own.path, "sha256": scenario.own.sha256}} if scenario.own else {}),
        "scenario": scenario.model_dump(mode="json"),
    }


def machine() -> str:
    """Processor, cores, and memory where the system tells it."""
    parts = [get_host_cpu_name(), f"{cores()} cores"]
    with contextlib.suppress(AttributeError, ValueError, OSError):  # not on every system
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1024**3:.0f} GB")
    return ", ".join(parts)


def commit() -> str:
    """Git commit of the sources, marked if they differ from it; empty if they are not a checkout.

    Results, the tables of them that come with the package, and documents may differ: writing them is what a
    reproduction does.
    """
    package = Path(__file__).parents[1]

    def git(*words: str) -> str:
        found = subprocess.run(["git", *words], cwd=package, capture_output=True, text=True, timeout=5, check=True)
        return found.stdout.strip()

    try:
        changes = git("status", "--porcelain", "--", ".", ":!evidence/*.csv", "../experiments")
        return git("rev-parse", "HEAD") + ("-dirty" if changes else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def written(path: Path, content: str) -> Path:
    """Write a text under a temporary name and rename it: half a file is never seen."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(content, encoding="utf-8")
    os.replace(partial, path)
    return path


def written_to_edit(folder: Path, name: str, content: str) -> tuple[Path, dict[str, str]]:
    """Write a file that people are asked to change. One that they have changed stays; the new one stands beside it.

    Args:
        folder: of results.
        name: of the file.
        content: of the file.

    Returns:
        The file written, and for the key `as_written` of the manifest what tells a changed file from ours.
    """
    path, own = folder / name, _digest(content)
    known = note_of(folder).get("as_written", {}).get(name, "")
    if path.exists() and _digest(path.read_text("utf-8", "replace")) not in (known, own):
        return written(path.with_stem(f"{path.stem}{BESIDE}"), content), {name: known}
    return written(path, content), {name: own}


BESIDE = "-new"
"""Ends the name of a file that is written beside one that somebody has changed."""


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts no spreadsheet takes for formulas: those that begin like one get an apostrophe."""
    texts = [name for name in frame.columns if frame[name].map(lambda value: isinstance(value, str)).any()]
    return frame.assign(**{name: frame[name].map(_guarded) for name in texts})


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def table_files(frame: pd.DataFrame, folder: Path, name: str, forms: Sequence[str] = ("csv", "parquet")) -> list[Path]:
    """Write a table as CSV and, if it is among the forms, as Parquet, each under a temporary name first."""
    csv = written(folder / f"{name}.csv", guarded(frame).to_csv(index=False, float_format="%.6g"))
    if "parquet" not in forms:
        return [csv]
    partial = folder / f"{name}.parquet.part"
    frame.to_parquet(partial, index=False)
    os.replace(partial, folder / f"{name}.parquet")
    return [csv, folder / f"{name}.parquet"]


def save_figure(
    figure: Figure, folder: Path, name: str, about: str, forms: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """A figure as PNG, SVG and PDF, those that are among the forms, with what made it in the file's metadata."""
    notes: dict[str, dict[str, str | None]] = {
        "png": {"Description": about, "Software": "simsvc"},
        "svg": {"Description": about, "Date": None},
        "pdf": {"Subject": about, "CreationDate": None},
    }
    files = []
    for kind in (form for form in notes if form in forms):
        path = folder / f"{name}.{kind}"
        figure.savefig(path, dpi=150, metadata=notes[kind])
        files.append(path)
    return files
