"""The command `simsvc trace`: the story of one customer, one member of staff, one manager."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.frame import compile_first, one_run, print_json, working
from simsvc.cli.options import (
    Days,
    Json,
    Overrides,
    Own,
    RunNumber,
    ScenarioName,
    Seed,
    StructureName,
    SweepFolder,
    number_option,
    text_option,
    whole_number,
)
from simsvc.errors import InputError

if TYPE_CHECKING:
    from simsvc.tracing.moments import Kind

_WIDEST = 120
"""Columns from which on lines get hard to read."""


def trace(
    scenario: ScenarioName = "contact_centre",
    customer: Annotated[int | None, number_option("Whose story: this customer's, by number in the market.")] = None,
    staff: Annotated[int | None, number_option("Or that of this position at the front line and its holders.")] = None,
    manager: Annotated[
        int | None, number_option("Or this manager's; team managers come first, then directors.")
    ] = None,
    structure: StructureName = None,
    days: Days = None,
    seed: Seed = None,
    overrides: Overrides = None,
    own: Own = None,
    sweep: SweepFolder = None,
    number: RunNumber = None,
    start: Annotated[
        str | None,
        text_option(
            "DAY", "First day that is told; with --number and without --sweep, that sweep. [default: 0]", "--from"
        ),
    ] = None,
    last: Annotated[
        int | None, number_option("Last day that is told, and run. [default: the run's last]", "--to", metavar="DAY")
    ] = None,
    as_json: Json = False,
) -> None:
    """What happened to one customer, one member of staff, one manager, and why?

    Every moment of truth with its time, the people who met, what was decided and for which reason, and what it did
    to both sides. The same seed tells of the same people under every structure: customer 17 has the same needs.

    \b
      simsvc trace --customer 17
      simsvc trace --customer 17 --structure inverted
      simsvc trace classroom --staff 3 --from 100 --to 104
      simsvc trace --sweep phase --number 17 --customer 17
      simsvc trace --manager 0 --days 50 --json > manager.json
    """
    kind, position = _subject({"customer": customer, "staff": staff, "manager": manager})
    if number is not None and sweep is None and start is not None:
        sweep, start = Path(start), None
    one = one_run(scenario, structure, days, seed, overrides, own, sweep, number)
    end = one.settings.run.days - 1
    first, last = 0 if start is None else whole_number(start), end if last is None else last
    if not 0 <= first <= last <= end:
        raise InputError(f"--from {first} --to {last}: the run has days 0 to {end}; from may not be after to")

    from simsvc.organization import ServiceOrganization
    from simsvc.runs.order import told
    from simsvc.show.terminal import output
    from simsvc.tracing.story import Story
    from simsvc.tracing.watching import Watch, subject_by_number

    model = ServiceOrganization(one.settings, rng=one.seed, replication=one.luck)
    subject = subject_by_number(model, kind, position)
    with working("days") as work:
        compile_first()
        watch = Watch(model)
        watch.add(subject)
        told(lambda done: work.bar.update(done, last + 1), model, last + 1)
    story = Story.of(model, subject, watch.moments(subject), one.scenario)
    story = replace(story.between(first, last), structure=one.structure)
    if as_json:
        print_json(story.as_json())
    else:
        typer.echo(story.text(min(output().width, _WIDEST)))


def _subject(numbers: dict[Kind, int | None]) -> tuple[Kind, int]:
    """Whose story is asked for: exactly one."""
    given = [(kind, number) for kind, number in numbers.items() if number is not None]
    if len(given) != 1:
        raise InputError("whose story? give exactly one of --customer N, --staff N, --manager N")
    return given[0]
