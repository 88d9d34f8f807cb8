"""The command `simsvc verify`: what theory knows exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsvc.cli.frame import compile_first, print_json
from simsvc.cli.options import Json

if TYPE_CHECKING:
    from simsvc.evidence.known_answers import Check


def verify(
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the runs and wider tolerances.")] = False,
    as_json: Json = False,
) -> None:
    """Does the program compute what is known exactly?

    Switches behaviour off until queueing theory, decision theory or book-keeping gives the answer, and
    compares. Exit code 1 if anything does not hold.

    \b
      simsvc verify --quick
    """
    from simsvc.evidence import known_answers
    from simsvc.evidence.views import show_checks
    from simsvc.show.terminal import output, say

    compile_first()
    checks = known_answers.verify(quick=quick, watch=say)
    held = all(check.passed for check in checks)
    if as_json:
        print_json({"passed": held, "checks": [_plain(check) for check in checks]})
    else:
        show_checks(output(), checks)
    if not held:
        raise typer.Exit(1)


def _plain(check: Check) -> dict[str, Any]:
    """A check as plain data, with the names that an entry of `validate --json` has; null for what is no number.

    The interval is what chance, or rounding, allows. A known answer is one value, and of no chart.
    """
    from simsvc.evidence.findings import MET, MISSED
    from simsvc.runs.result import plain_data

    names = ("name", "question", "value", "expected", "tolerance", "unit", "passed", "source")
    row = {name: getattr(check, name) for name in names} | {
        "error": check.value - check.expected, "low": check.value - check.tolerance,
        "high": check.value + check.tolerance, "range": [check.expected, check.expected],
        "verdict": MET if check.passed else MISSED, "kind": "known answer", "charts": None,
    }  # fmt: skip
    plain: dict[str, Any] = plain_data(row)
    return plain
