"""Result folders: tidy tables, figures, and a manifest with everything needed to repeat the run."""

from __future__ import annotations

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

import simsvc
from simsvc.errors import InputError
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
    if not (folder / "manifest.json").exists() and any(path.name not in besides for path in folder.iterdir()):
        raise InputError(f"{folder}: is not empty and holds no results of simsvc; choose another folder")


def manifest(scenario: Scenario, command: str, **more: Any) -> dict[str, Any]:
    """What is needed to repeat a result: settings, seed, versions, commit, platform, command."""
    packages = ("mesa", "numba", "numpy", "pandas", "scipy", "pydantic", "matplotlib", "pyarrow")
    return {
        "program": "simsvc",
        "version": simsvc.__version__,
        "commit": _commit(),
        "command": command,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: metadata.version(name) for name in packages},
        **more,
        "scenario": scenario.model_dump(mode="json"),
    }


def _commit() -> str:
    """Git commit of the sources, marked if they differ from it; empty if they are not a checkout.

    Results and documents may differ: writing them is what a reproduction does.
    """
    package = Path(__file__).parents[1]

    def git(*words: str) -> str:
        found = subprocess.run(["git", *words], cwd=package, capture_output=True, text=True, timeout=5, check=True)
        return found.stdout.strip()

    try:
        changes = git("status", "--porcelain", "--", ".", "../experiments")
        return git("rev-parse", "HEAD") + ("-dirty" if changes else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def written(path: Path, content: str) -> Path:
    """Write a text under a temporary name and rename it: half a file is never seen."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(content, encoding="utf-8")
    os.replace(partial, path)
    return path


def table_files(frame: pd.DataFrame, folder: Path, name: str, forms: Sequence[str] = ("csv", "parquet")) -> list[Path]:
    """Write a table as CSV and, if it is among the forms, as Parquet, each under a temporary name first."""
    csv = written(folder / f"{name}.csv", frame.to_csv(index=False, float_format="%.6g"))
    if "parquet" not in forms:
        return [csv]
    partial = folder / f"{name}.parquet.part"
    frame.to_parquet(partial, index=False)
    os.replace(partial, folder / f"{name}.parquet")
    return [csv, folder / f"{name}.parquet"]


def save_figure(
    figure: Figure, folder: Path, name: str, about: str, forms: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """A figure as PNG and SVG, those that are among the forms, with what made it in the file's metadata."""
    files = []
    for kind in (form for form in ("png", "svg") if form in forms):
        path = folder / f"{name}.{kind}"
        note = {"Description": about} if kind == "svg" else {"Description": about, "Software": "simsvc"}
        figure.savefig(path, dpi=150, metadata={**note, **({"Date": None} if kind == "svg" else {})})
        files.append(path)
    return files
