"""Figures and tables for a page: readable there, labelled, and without what belongs in the caption."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.reports import write_figures
from simsvc.show.html.parts import Cell, Row, Table
from simsvc.show.paper import STYLES, as_html, as_latex, fit, labelled


@pytest.mark.parametrize("name", list(STYLES))
def test_a_figure_fits_the_page_and_can_be_read_there(name: str) -> None:
    figure, style = Figure(figsize=(11, 6), layout="constrained"), STYLES[name]
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], label="well_run_hierarchy")
    axes.legend()
    axes.set_xlabel("demand.idiosyncrasy", fontsize=4)
    axes.set_yscale("symlog", linthresh=100)
    figure.suptitle("Found\nthis")
    assert fit(figure, style) == "Found this"
    width, height = figure.get_size_inches()
    assert width <= style.width + 1e-9
    assert height <= style.height
    shown = [text for text in figure.findobj(mpl.text.Text) if text.get_text()]
    assert all(style.smallest <= text.get_fontsize() <= style.largest for text in shown)
    assert axes.get_xlabel().replace("\n", " ") == "Idiosyncrasy (demand, 0-1)"
    assert axes.get_ylabel() == "Symmetric-log, linear to ±100"
    assert "Found" not in " ".join(text.get_text() for text in shown)
    assert "well run hierarchy" in [text.get_text() for text in shown]


def test_only_names_become_labels() -> None:
    assert labelled("operations.approval_delay") == "Approval delay (operations, min)"
    assert labelled("no.setting") == "no.setting"


def test_tables_say_the_same_to_latex_and_word() -> None:
    rows = [Row("a & b", [Cell("−1", "[−2, 0]", "number"), Cell("<x>")]), Row("Group")]
    table = Table("100 % of_it", ["what", "value", "word"], rows)
    latex, page = as_latex([table]), as_html([table])
    assert r"a \& b & $-$1 [$-$2, 0] & \textless{}x\textgreater{} \\" in latex
    assert r"\caption{100 \% of\_it}" in latex
    assert r"\begin{tabular}{lrl}" in latex
    assert "a &amp; b" in page
    assert "&lt;x&gt;" in page
    assert "<x>" not in page


def test_results_are_written_for_a_page(tmp_path: Path) -> None:
    """Of an experiment, of which a folder holds no more than pictures, the tables."""
    folder = Path(__file__).parents[2] / "results" / "flip"
    files = write_figures(folder, tmp_path / "paper", "paper")
    assert {file.name for file in files} == {"tables.tex", "tables.html"}
    with pytest.raises(InputError, match="did you mean 'paper'"):
        write_figures(folder, tmp_path / "other", "papper")
