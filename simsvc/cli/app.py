"""What happens to customers, staff and profit when a service organisation's chart is turned upside down?

simsvc simulates a service organisation person by person and day by day: customers with needs and
memories, the staff who serve them, the managers above or below. It runs the same organisation, with the
same luck, under different charts, and tells what differs and where the difference comes from.

\b
  simsvc compare                      traditional against inverted, in a contact centre
  simsvc sweep design.toml            settings varied, thousands of runs, resumed by itself
  simsvc sensitivity design.toml      what decides the outcome, and what is only luck
  simsvc decompose                    which part of turning the chart does the work
  simsvc best                         which of all structures is best, and how sure that is
  simsvc staff --target 80/20         how many positions a service level takes under each chart
  simsvc robust                       does the answer hold whatever is assumed, and what does it hang on
  simsvc calibrate calls.csv          your call records or monthly figures become a scenario
  simsvc run classroom --days 250     watch one small organisation for a year
  simsvc trace --customer 17          the story of one customer: who decided what, why, and what it did
  simsvc structure show inverted      what is different in an inverted organisation
  simsvc scenario new mine.toml       a file of your own organisation, to change and to compare
  simsvc assumptions leaving          the numbers inside the rules: value, range, source, what they move
  simsvc odd --element entities       what exactly is simulated, complete enough to build it again
  simsvc claims C15                   what practitioners claim, and what the experiments answered
  simsvc demo                         two organisations side by side in the browser; the chart turns
  simsvc rerun flip                   a folder of results made again: is every number the same?
  simsvc report flip                  a folder of results as one page to send, print or publish
  simsvc figures flip --style paper   the same as vector figures and tables for a paper or slides
  simsvc verify                       does the program compute what theory knows exactly?
  simsvc validate --quick             does the model reproduce published findings it was not fitted to?

Results go to standard output, messages and progress to standard error. Exit codes: 0 done, 1 some runs
failed or a check did not hold, 2 wrong input (one line says what and where), 130 stopped with Ctrl-C.
"""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

import typer
import typer.core

from simsvc import __version__
from simsvc.cli.assumptions import assumptions
from simsvc.cli.best import best
from simsvc.cli.calibrate import calibrate
from simsvc.cli.claims import claims
from simsvc.cli.compare import compare
from simsvc.cli.decompose import decompose
from simsvc.cli.demo import demo
from simsvc.cli.export import export
from simsvc.cli.figures import figures
from simsvc.cli.odd import odd
from simsvc.cli.options import help_if_alone
from simsvc.cli.report import report
from simsvc.cli.rerun import rerun
from simsvc.cli.robust import robust
from simsvc.cli.run import run
from simsvc.cli.scenario import scenario_app
from simsvc.cli.sensitivity import sensitivity
from simsvc.cli.staff import staff
from simsvc.cli.structure import structure_app
from simsvc.cli.sweep import sweep
from simsvc.cli.trace import trace
from simsvc.cli.validate import validate
from simsvc.cli.verify import verify
from simsvc.errors import Interrupted
from simsvc.process import TYPER, perform


class _Commands(typer.core.TyperGroup):
    """The commands; what stops one of them keeps its message, which the parser would drop."""

    def invoke(self, context: Any) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt as stop:
            raise Interrupted(str(stop)) from stop


app = typer.Typer(help=__doc__, invoke_without_command=True, cls=_Commands, **TYPER)
for _command in (
    compare, run, verify, validate, sweep, export, sensitivity, decompose, best, staff, robust, calibrate, claims,
    assumptions, odd, trace, rerun, report, figures, demo,
):  # fmt: skip
    app.command()(_command)
app.add_typer(scenario_app, name="scenario", invoke_without_command=True)
app.add_typer(structure_app, name="structure", invoke_without_command=True)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"simsvc {__version__}")
        raise typer.Exit


@app.callback()
def _begin(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    help_if_alone(context)


def main() -> NoReturn:
    """Entry point of the command `simsvc`."""
    perform(app, "simsvc")
