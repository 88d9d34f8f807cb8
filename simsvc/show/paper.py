"""Figures and tables for a paper or slides: the size of a page, readable there, with labels and captions.

Figures of the program are drawn for a screen, with what was found above them. On a page that stands in the caption, and
the text must be read at the size at which it is printed. So a figure is made once, and fitted here.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd

from simsvc.errors import InputError, nearest
from simsvc.runs.folder import save_figure, written
from simsvc.show.html.settings import meaning_of, unit_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simsvc.show.html.parts import Cell, Table


@dataclass(frozen=True)
class Style:
    """What a figure is fitted to.

    Attributes:
        width: inches; that of two columns of a journal are 180 mm.
        height: largest height, inches.
        smallest: smallest text, points.
        largest: largest text, points.
        of_text: factor on sizes of text, lines and marks.
    """

    width: float
    height: float
    smallest: float
    largest: float
    of_text: float


STYLES = {"paper": Style(180 / 25.4, 9.0, 6.5, 8.0, 0.8), "slides": Style(13.33, 7.5, 12.0, 18.0, 1.5)}
HANDOUT = Style(180 / 25.4, 3.4, 8.5, 10.0, 1.0)
"""A third of a sheet of A4, to be read at arm's length."""
SCREEN = 11.0
"""Inches of the widest figures on a screen."""
DRAWN: Any = {"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "simsvc", "text.parse_math": False}
"""Matplotlib's settings for figures of a page: text stays text, and dollar signs in names are no mathematics."""


def style_of(name: str) -> Style:
    """A style by name.

    Raises:
        InputError: if there is none of that name.
    """
    if name not in STYLES:
        raise InputError(f"there is no style '{name}'{nearest(name, STYLES)}; have: {', '.join(STYLES)}")
    return STYLES[name]


def drawn(figures: Mapping[str, Callable[[], Figure]], folder: Path, style: str, about: str) -> list[Path]:
    """Draw figures for a page, as PDF and SVG, and write what stood above them to captions.txt.

    Args:
        figures: what draws each, by name of its file.
        folder: made if need be.
        style: a name of `STYLES`.
        about: what made them, for their metadata.

    Returns:
        The files.
    """
    files, captions, look = [], [], style_of(style)
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(DRAWN):
        for name, draw in figures.items():
            figure = draw()
            captions.append(f"{name}: {fit(figure, look)}")
            files += save_figure(figure, folder, name, about, ("pdf", "svg"))
    return [*files, written(folder / "captions.txt", "\n\n".join(captions) + "\n")]


def fit(figure: Figure, style: Style) -> str:
    """Fit a figure to a page.

    Sizes follow the style, names of settings become labels with units, axes that are not linear say so, and the title
    goes.

    Returns:
        The title, for the caption.
    """
    title = figure.get_suptitle()
    if title:
        figure.suptitle("")
        figure._suptitle = None  # type: ignore[attr-defined]  # an empty title keeps its place
    width, height = figure.get_size_inches()
    share = min(style.width / SCREEN, style.width / width)
    wide = width * share if style.width < SCREEN else min(width * style.width / SCREEN, style.width)
    figure.set_size_inches(wide, min(height * max(share, style.of_text if style.of_text < 1 else share), style.height))
    for text in figure.findobj(mpl.text.Text):
        text.set_fontsize(min(max(float(text.get_fontsize()) * style.of_text, style.smallest), style.largest))
    for line in figure.findobj(mpl.lines.Line2D):
        line.set_linewidth(line.get_linewidth() * style.of_text)
        line.set_markersize(line.get_markersize() * style.of_text)
    for note in figure.findobj(mpl.text.Annotation):
        if note.anncoords == "offset points":
            x, y = note.xyann
            note.xyann = (x * max(style.of_text, 1.2), y * max(style.of_text, 1.2))  # marks stay free of numbers
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.label.set_text(scaled(labelled(axis.label.get_text()), axis))
            names = [text.get_text() for text in axis.get_ticklabels()]
            if any(labelled(name) != name for name in names):
                axis.set_ticks(axis.get_ticklocs(), [labelled(name) for name in names])
    for legend in figure.findobj(mpl.legend.Legend):
        for text in legend.get_texts():
            text.set_text(labelled(text.get_text()))
    figure.draw_without_rendering()  # how wide panels are is known after the layout
    for axes in figure.axes:
        titles = [text for text in axes.get_children() if isinstance(text, mpl.text.Text) and text.get_text()]
        for text in (*titles, axes.xaxis.label):
            letters = axes.get_window_extent().width / figure.dpi * 72 / (0.56 * float(text.get_fontsize()))
            if not isinstance(text, mpl.text.Annotation):
                text.set_text(textwrap.fill(labelled(text.get_text()), max(int(letters), 12)))
    return " ".join(title.split())


def labelled(text: str) -> str:
    """A name as people read it: a setting with its section and unit, underscores as spaces."""
    if meaning_of(text):
        section, _, name = text.partition(".")
        unit = unit_of(text)
        return f"{name.replace('_', ' ').capitalize()} ({section}{f', {unit}' if unit else ''})"
    return re.sub(r"(?<=[a-z])_(?=[a-z])", " ", text)


def scaled(label: str, axis: Any) -> str:
    """The label of an axis, with its scale where that is not linear and not said yet."""
    kind = axis.get_scale()
    if kind == "symlog":
        words = f"symmetric-log, linear to ±{axis.get_transform().linthresh:g}"
    elif kind == "log":
        words = "logarithmic"
    else:
        return label
    if words in label:
        return label
    return f"{label} ({words})" if label else words.capitalize()


# -- tables ---------------------------------------------------------------------------------------


def frame_of(table: Table) -> pd.DataFrame:
    """A table of a report as texts, rounded as there; headings within it are rows of their own."""
    columns = [labelled(head) for head in table.heads]
    rows = [[row.name, *map(_text, row.cells)] for row in table.rows]
    return pd.DataFrame([row + [""] * (len(columns) - len(row)) for row in rows], columns=columns)


def _text(cell: Cell) -> str:
    return f"{cell.text} {cell.interval}" if cell.interval else cell.text


def as_latex(tables: Iterable[Table]) -> str:
    """Tables for LaTeX with the package booktabs, one environment each."""
    made = ["% needs \\usepackage{booktabs}"]
    for table in tables:
        form = "l" + "".join("r" if table.number(k) else "l" for k in range(1, len(table.heads)))
        texts = frame_of(table).map(_escaped).rename(columns=_escaped)
        body = texts.to_latex(index=False, escape=False, column_format=form)
        made.append(f"\\begin{{table}}\n\\caption{{{_escaped(table.caption)}}}\n{body}\\end{{table}}\n")
    return "\n".join(made)


_SIGNS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "−": "$-$", "\u00a0": "~",
          "–": "--", "±": r"$\pm$", "×": r"$\times$", "<": r"\textless{}", ">": r"\textgreater{}",
          **{sign: f"\\{sign}" for sign in "&%$#_{}"}}  # fmt: skip


def _escaped(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)


def as_html(tables: Iterable[Table]) -> str:
    """Tables as a page that Word opens: rules above and below, numbers at the right."""
    made = []
    for table in tables:
        numbers = [table.number(k) if k else False for k in range(len(table.heads))]
        styled = frame_of(table).style.hide(axis="index").format(escape="html")
        styled = styled.format_index(escape="html", axis=1).set_table_attributes('border="0" cellspacing="0"')
        columns = styled.columns[[k for k, right in enumerate(numbers) if right]]
        styled = styled.set_properties(subset=columns, **{"text-align": "right"})
        made.append(f"<p><b>{html.escape(table.caption)}</b></p>\n{styled.to_html()}")
    look = (
        "body{font:10pt 'Times New Roman',serif}table{border-collapse:collapse;border-top:1.5pt solid;"
        "border-bottom:1.5pt solid}th{border-bottom:.75pt solid;text-align:left}th,td{padding:2pt 6pt}"
    )
    return f'<!DOCTYPE html>\n<meta charset="utf-8">\n<title>Tables</title>\n<style>{look}</style>\n' + "\n".join(made)
