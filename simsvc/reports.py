"""A folder of results as one HTML file that holds everything: pictures, tables, settings, where it comes from.

    report_parts.py       what a report is made of
    report_comparison.py  and report_run.py, report_sweep.py, report_analyses.py: one maker per kind of results
    report_figures.py     pictures; report_settings.py, report_words.py: parts that kinds share
    templates/            how it looks

The file asks for nothing from elsewhere, runs no script, and is the same, byte for byte, for the same folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from simsvc.comparison.report import comparison_report
from simsvc.decomposition.report import decomposition_report
from simsvc.errors import InputError
from simsvc.runs.folder import written
from simsvc.selection.report import selection_report
from simsvc.sensitivity_analysis.report import sensitivity_report
from simsvc.show.html.files import note_of
from simsvc.show.html.parts import DRAWN, Report
from simsvc.single_run.report import run_report
from simsvc.studies.report import study_report
from simsvc.sweeps.report import sweep_report

KINDS: dict[str, Callable[[Path], Report]] = {
    "comparison": comparison_report,
    "run": run_report,
    "sweep": sweep_report,
    "decomposition": decomposition_report,
    "selection": selection_report,
    "sensitivity": sensitivity_report,
    "study": study_report,
}
"""What makes a report of results of each kind."""


def report_of(folder: Path) -> Report:
    """What a report says of a folder of results.

    Raises:
        InputError: if it is no folder of results, of a kind without reports, or not complete.
    """
    kind = note_of(folder)["kind"]
    if kind not in KINDS:
        raise InputError(f"{folder}: there is no report of results of the kind '{kind}'; kinds: {', '.join(KINDS)}")
    with mpl.rc_context(DRAWN):
        try:
            return KINDS[kind](folder)
        except KeyError as error:
            raise InputError(f"{folder}: the results are not complete: there is no {error}") from None


def html_of(report: Report) -> str:
    """A report as HTML."""
    environment = Environment(
        loader=PackageLoader("simsvc.show.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    return environment.get_template("report.html").render(report=report)


def _breakable(text: str) -> Markup:
    """A text, escaped, in which long names may be broken after dots and underscores."""
    return Markup(re.sub(r"([._])(?=\w)", r"\1<wbr />", str(escape(text))))


def write_report(folder: Path, file: Path, title: str | None = None) -> Path:
    """Write the report of a folder of results.

    Args:
        folder: written by `simsvc compare`, `sweep`, `run`, `decompose`, `best`, `sensitivity` or an experiment.
        file: to be written; one that stands there is replaced.
        title: in place of the report's own.

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
    return written(file, html_of(replace(report, title=title) if title else report))
