"""The command `simsvc demo`: the teaching page."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli import options as common
from simsvc.cli.frame import compile_first, load_settings, write_new
from simsvc.errors import InputError

if TYPE_CHECKING:
    from simsvc.demo.server import Offer


def demo(
    scenario: common.ScenarioName = "classroom",
    structure: Annotated[
        list[str] | None,
        common.structure_option(
            "Structure: a name (simsvc structure list) or a TOML file; give it twice, for A and for B. "
            "[default: well_run_hierarchy, inverted: led alike, only who decides differs]"
        ),
    ] = None,
    lesson: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A lesson to begin with: a name (simsvc demo --lesson list) or a file whose name ends in .md.",
            autocompletion=common.completed_by("simsvc.demo.lessons", "built_in_lessons"),
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Run the lesson instead: does what it says to expect come about?")
    ] = False,
    copy: Annotated[
        str | None,
        common.text_option("FILE", "Write the lesson to a file of your own instead, to be changed.", "--copy"),
    ] = None,
    handout: Annotated[
        str | None,
        common.text_option("FILE.html", "Write two sheets for students on the lesson, to be printed.", "--handout"),
    ] = None,
    seed: common.Seed = None,
    overrides: common.Overrides = None,
    own: common.Own = None,
    port: Annotated[int, common.number_option("Port of the page; 0: any that is free.")] = 8410,
    host: Annotated[
        str,
        common.text_option("HOST", "Address to bind to. 0.0.0.0 opens the page to everybody who reaches this machine."),
    ] = "127.0.0.1",
    sessions: Annotated[int, common.number_option("Browsers at the same time, at most.")] = 40,
    export: Annotated[
        str | None,
        common.text_option(
            "FOLDER", "Write the page with recorded runs of the lessons to a folder: one file, no server.", "--export"
        ),
    ] = None,
    prepare: Annotated[
        bool,
        typer.Option("--prepare", help="Compile and open everything once, for a room without internet; start no page."),
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Watch the chart turn upside down, in front of a class.

    A page on this machine, without internet: two organisations side by side with the same customers and the same
    luck, people to click, sliders, lessons. Ctrl-C ends it.

    \b
      simsvc demo
      simsvc demo hospital_ward --structure traditional --structure listening_without_authority
      simsvc demo --structure traditional --structure inverted
      simsvc demo --lesson chart_or_management
      simsvc demo --lesson smile_training --copy mine.md
      simsvc demo --lesson mine.md --check
      simsvc demo --lesson smile_training --handout smile.html   # two sheets for students
      simsvc demo --export class                    # one page with recorded runs, without a server
      simsvc demo --host 0.0.0.0                    # students join with their phones; QR code
      simsvc demo --prepare                         # before you go to a room without internet
    """
    from simsvc.demo.lessons import all_lessons, built_in_lessons, load_lesson
    from simsvc.scenario.loading import load_structure
    from simsvc.show.terminal import say

    if lesson == "list":
        for name in built_in_lessons():
            typer.echo(f"{name}: {load_lesson(name)[0].title}")
        return
    if seed is not None and seed < 0:
        raise InputError(f"--seed {seed}: allowed: 0 or more")
    if copy is not None:
        _copy(lesson, copy)
        return
    if handout is not None:
        _handout(lesson, handout, seed)
        return
    if check:
        _check(lesson, seed, own)
        return
    if lesson is not None and (structure or overrides or scenario != "classroom"):
        raise InputError(
            "--lesson brings its own scenario, charts and settings: leave out what you gave besides, or --copy "
            "the lesson and change it there"
        )
    if structure is not None and len(structure) != 2:
        raise InputError(f"--structure: give it twice, for A and for B (given: {len(structure)})")
    charts = (structure[0], structure[1]) if structure else ("well_run_hierarchy", "inverted")
    for name in charts:
        load_structure(name)
    settings = load_settings(
        scenario, overrides, own=own, levers_are="each side has a chart of its own: give files with --structure, twice"
    )
    if settings.timeline:
        raise InputError(
            f"{scenario} has a timeline; on the page changes are made by hand: take the timeline out, or see it with "
            "simsvc run"
        )
    for name, value, low, high in (("port", port, 0, 65535), ("sessions", sessions, 1, 1000)):
        if not low <= value <= high:
            raise InputError(f"--{name} {value}: allowed: {low} to {high}")
    lessons = all_lessons([lesson] if lesson else [], seed)
    first = Path(lesson).stem if lesson and lesson not in lessons else lesson or ""

    def offer() -> Offer:
        """What the page offers, once the model is compiled."""
        compile_first(settings)
        from simsvc.demo.server import Offer

        return Offer(Path(scenario).stem, settings, charts, seed, lessons, first)

    if prepare:
        from simsvc.demo.preparing import prepare as make_ready

        make_ready(offer(), say)
        return
    if export is not None:
        from simsvc.demo.exporting import export as write_page

        typer.echo(f"{write_page(offer(), Path(export), say)}: open it in any browser, or put it on a server of files")
        return

    from simsvc.demo.serving import listen, serve

    with listen(host, port) as socket:
        serve(offer(), socket, host, sessions, browser=not no_browser, say=say)
        sys.stdout.flush()
        os._exit(0)  # what is still being computed for a page is not waited for


def _copy(lesson: str | None, to: str) -> None:
    """Write the text of a lesson to a new file."""
    from simsvc.demo.lessons import built_in_lessons, load_lesson

    if lesson is None:
        raise InputError("--copy: which lesson? add --lesson NAME")
    if not to.endswith(".md"):
        raise InputError(f"--copy {to}: the name of a lesson's file ends in .md")
    load_lesson(lesson)
    words = built_in_lessons().get(lesson) or Path(lesson).read_text(encoding="utf-8-sig")
    write_new(Path(to), words, "there is such a file already; choose another name")
    typer.echo(f"{to}: change it, then simsvc demo --lesson {to}")


def _handout(lesson: str | None, to: str, seed: int | None) -> None:
    """Write the handout of a lesson to a new file."""
    if lesson is None:
        raise InputError("--handout: of which lesson? add --lesson NAME")
    if not to.lower().endswith((".html", ".htm")):
        raise InputError(f"--handout {to}: the name of a handout ends in .html")
    from simsvc.demo.handout import handout
    from simsvc.demo.lessons import load_lesson

    words = handout(lesson, *load_lesson(lesson, seed))
    write_new(Path(to), words, "there is such a file already; choose another name")
    typer.echo(f"{to}: open it in a browser and print it, two sheets of A4")


def _check(lesson: str | None, seed: int | None, own: Path | None) -> None:
    """Print whether what a lesson says to expect comes about; exit code 1 if anything does not."""
    if lesson is None:
        raise InputError("--check: which lesson? add --lesson NAME")
    from simsvc.demo.lessons import load_lesson
    from simsvc.demo.trying import SEEDS, try_lesson
    from simsvc.runs.own import load_own
    from simsvc.show.terminal import output

    wanted = load_lesson(lesson)
    first = 1 if seed is None else seed
    compile_first()
    outcomes = try_lesson(*wanted, range(first, first + SEEDS), None if own is None else load_own(own))
    console = output()
    for outcome in outcomes:
        console.print(outcome.text())
    if not all(outcome.holds for outcome in outcomes):
        raise typer.Exit(1)
