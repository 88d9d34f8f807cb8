"""A folder of results as one HTML file that holds everything, or as figures and tables for a page.

Every analysis has its own `report.py`, which says what its page tells; `simsvc.show.html` has the parts that pages are
made of and how they look.

The HTML file asks for nothing from elsewhere, runs no script, and is the same, byte for byte, for the same folder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.runs.folder import check_writable, written
from simsvc.show import paper
from simsvc.show.html.files import note_of
from simsvc.show.html.page import html_of
from simsvc.show.html.parts import DRAWN, Report, Section, picture

ROOMS = {
    "comparison": "comparison",
    "run": "single_run",
    "sweep": "sweeps",
    "decomposition": "decomposition",
    "selection": "selection",
    "staff": "staffing",
    "robustness": "robustness",
    "sensitivity": "sensitivity_analysis",
    "validation": "evidence",
    "study": "studies",
}
"""Where the report of results of each kind is made: in the module `report` of this package."""


def report_of(folder: Path) -> Report:
    """What a report says of a folder of results.

    Raises:
        InputError: if it is no folder of results, of a kind without reports, or not complete.
    """
    report: Callable[[Path], Report] = _room(folder).report
    with mpl.rc_context(DRAWN), _as_written(folder):
        return report(folder)


@contextlib.contextmanager
def _as_written(folder: Path) -> Iterator[None]:
    """Say in one line if what is read from a folder is not what was written there."""
    try:
        yield
    except InputError:
        raise
    except KeyError as error:
        raise InputError(f"{folder}: the results are not complete: there is no {error}") from None
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise InputError(f"{folder}: the results are damaged, not as they were written ({told})") from None


def _room(folder: Path) -> ModuleType:
    """The module that knows results of the kind of a folder."""
    kind = note_of(folder)["kind"]
    if kind not in ROOMS:
        raise InputError(f"{folder}: there is no report of results of the kind '{kind}'; kinds: {', '.join(ROOMS)}")
    return import_module(f"simsvc.{ROOMS[kind]}.report")


def write_figures(folder: Path, out: Path, style: str) -> list[Path]:
    """Write the figures of a folder of results, drawn again for a page, its tables, and captions.

    Figures are PDF and SVG; `captions.txt` has what stood above them; `tables.tex` and `tables.html` (which Word opens)
    have the tables of the report, rounded as there.

    Args:
        folder: as for `write_report`; of experiments the tables alone, because their figures are drawn from more than a
            folder holds.
        out: folder to be written to.
        style: `paper` or `slides`.

    Returns:
        The files.

    Raises:
        InputError: for wrong input.
    """
    paper.style_of(style)
    room, report = _room(folder), report_of(folder)
    draw: Callable[[Path], dict[str, Any]] = getattr(room, "figures", lambda folder: {})
    with _as_written(folder):
        figures = draw(folder)
    tables = [table for section in report.sections for table in section.tables if table.rows]
    texts = {"tables.tex": paper.as_latex(tables), "tables.html": paper.as_html(tables)}
    check_writable(out, ["captions.txt", *texts, *(f"{name}.{form}" for name in figures for form in ("pdf", "svg"))])
    about = f"simsvc {note_of(folder).get('version', '')}"
    files = paper.drawn(figures, out, style, about) if figures else []
    return [*files, *(written(out / name, text) for name, text in texts.items())]


def write_report(folder: Path, file: Path, title: str | None = None, *, handout: bool = False) -> Path:
    """Write the report of a folder of results, or a handout for students.

    Args:
        folder: written by `simsvc compare`, `sweep`, `run`, `decompose`, `best`, `robust`, `sensitivity`, `validate`
            or an experiment.
        file: to be written; one that stands there is replaced.
        title: in place of the report's own.
        handout: whether it is two sheets to print instead: a guess first, then what came out, and what to doubt.

    Raises:
        InputError: for wrong input; nothing is written then.
    """
    if file.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{file}: the name of a report ends in .html")
    note_of(folder)
    if not file.parent.is_dir():
        raise InputError(f"{file}: there is no folder {file.parent}")
    if file.is_dir():
        raise InputError(f"{file}: is a folder")
    report = report_of(folder)
    report = replace(report, title=title) if title else report
    return written(file, html_of(_to_print(folder, report), "handout") if handout else html_of(report))


def _to_print(folder: Path, report: Report) -> Report:
    """A report whose first figure can be read on a sheet of paper: one made for a screen is drawn again, for paper."""
    pictures = [one for section in report.sections for one in section.pictures]
    if not pictures or not pictures[0].wide:
        return report
    room = _room(folder)
    with mpl.rc_context({**DRAWN, **paper.DRAWN}), _as_written(folder):
        draw = next(iter(room.figures(folder).values())) if hasattr(room, "figures") else lambda: room.handout(folder)
        figure: Figure | None = draw()
        if figure is None:
            return report
        paper.fit(figure, paper.HANDOUT)
        drawn = picture(figure, "What came out, as in the table.", wide=True)
    return replace(report, sections=[Section("What came out", pictures=[drawn]), *report.sections])
