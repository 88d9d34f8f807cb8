"""A report as one HTML page that holds everything, asks for nothing from elsewhere and runs no script."""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from simsvc.show.html.parts import Report


def html_of(report: Report, template: str = "report") -> str:
    """A report as HTML: the whole `report`, or a `handout` of two sheets, on which students guess before they see."""
    environment = Environment(
        loader=PackageLoader("simsvc.show.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    return environment.get_template(f"{template}.html").render(report=report)


def _breakable(text: str) -> Markup:
    """A text, escaped, in which long names may be broken after dots and underscores."""
    return Markup(re.sub(r"([._])(?=\w)", r"\1<wbr />", str(escape(text))))
