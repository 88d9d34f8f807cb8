"""The extension of Sphinx that puts everything together."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

from making import commands, diagrams, gallery, markup, rules, settings

MADE = {
    "Experiments": "- [Gallery](gallery/index.md): question, finding, figures and command of each",
    "Reference": """\
- [Settings](reference/settings.md): what a scenario is made of
- [Levers and structures](reference/levers.md): what may differ between two charts
- [Strengths](reference/strengths.md): every rule can be weakened or switched off
- [Coefficients](reference/coefficients.md): the numbers inside the rules
- [Rules](reference/rules.md): what the model says about people and work
- [Metrics](reference/metrics.md): what is measured
- [Commands](reference/commands.md): the command line
- [Python](reference/python.md): names that scripts use
- [Changes](project/CHANGELOG.md): what a user notices, newest first
- [Carrying on](project/CONTRIBUTING.md): for whoever changes the program
- [Security](project/SECURITY.md): whose code runs
""",
}
"""Pages that only the site has, by the section of the index to which they belong."""


def write_pages(app: Sphinx) -> None:
    """Write the pages that are made from the program, where they have changed."""
    for name, text in (settings.pages() | rules.pages() | commands.pages() | gallery.pages() | markup.pages()).items():
        path = markup.DOCS / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def prepare(app: Sphinx, page: str, source: list[str]) -> None:
    """Turn the text of a page into what Sphinx understands."""
    path = app.env.doc2path(page)
    if path.suffix == ".ipynb":
        source[0] = markup.notebook(source[0])
    if page == "index":
        for section, lines in MADE.items():
            source[0] = source[0].replace(f"## {section}\n\n", f"## {section}\n\n{lines}\n")
    if path.stem == "index":
        source[0] = markup.with_contents(source[0])
    source[0] = diagrams.with_diagrams(markup.with_links(source[0], path.parent))


def _written(node: nodes.Element, display: str) -> str:
    """A formula as MathML; what the converter does not know it would leave as it stands."""
    text = node.astext().replace("{aligned}", "{split}")
    made = str(convert(text, display=display))
    if re.search(r">(&|\\\w+)<", made):
        logging.getLogger(__name__).warning("a formula that is not understood: %s", text, location=node)
    return made


def _inline(writer: Any, node: nodes.Element) -> None:
    writer.body.append(_written(node, "inline"))
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.Element) -> None:
    writer.body.append(f'<div class="equation">{_written(node, "block")}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Take part in a build."""
    app.connect("builder-inited", write_pages)
    app.connect("source-read", prepare)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))  # MathML: no script, no network
    return {"parallel_read_safe": True}
