"""How the site of the documentation is built: `sphinx-build -W docs site`. It needs no network, nor does reading it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import simsvc

project = "simsvc"
version = release = simsvc.__version__
copyright = "the simsvc developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "making.extension"]
source_suffix = {".md": "markdown", ".ipynb": "markdown"}
exclude_patterns = ["making", "examples"]
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
default_role = "code"
smartquotes = False
suppress_warnings = ["ref.python"]  # words of docstrings that happen to be names, too: "parts of the day"
html_theme = "furo"
html_title = "simsvc"
html_static_path = ["making/static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
