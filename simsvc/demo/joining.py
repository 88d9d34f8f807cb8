"""How students join: the address of the page in large type, and its QR code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def joining(address: str, say: Callable[[str], None]) -> dict[str, Any]:
    """What the page shows of how to join.

    Args:
        address: that others reach.
        say: told if there can be no QR code.

    Returns:
        the `address`, and rows of 0 and 1 under `code`; no rows without the package `segno`.
    """
    try:
        import segno
    except ImportError:
        say("There is no QR code, because the package segno is missing: pip install segno")
        return {"address": address, "code": []}
    code = segno.make(address, micro=False)
    if sys.stderr.isatty():
        code.terminal(out=sys.stderr, compact=True)
    return {"address": address, "code": ["".join(str(int(dot)) for dot in row) for row in code.matrix]}
