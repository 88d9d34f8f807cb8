"""The command `simsvc demo`: where the page is, what is refused, copies of lessons."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Command

from simsvc.demo.lessons import all_lessons, load_lesson
from simsvc.demo.serving import listen
from simsvc.demo.trying import try_lesson


def test_a_port_in_use_is_said_plainly(command: Command) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        code, _, err = command("demo", "--no-browser", "--port", port)
    assert code == 2
    assert err == (
        f"simsvc: port {port} is in use, perhaps by another simsvc demo: choose another with --port N, or --port 0\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "--port 70000: allowed: 0 to 65535"),
        (["--seed", "-1"], "--seed -1: allowed: 0 or more"),
        (["--lesson", "smile_training", "--set", "demand.idiosyncrasy=0.5"], "--lesson brings its own scenario"),
        (["hospital_ward", "--lesson", "smile_training"], "--lesson brings its own scenario"),
        (["--structure", "flat"], "--structure: give it twice, for A and for B (given: 1)"),
        (["--structure", "flat", "--structure", "inverte"], "did you mean 'inverted'?"),
        (["--structure", "flat", "--structure", "mine.toml"], "mine.toml: there is no such file"),
        (["--set", "structure.latitude=1"], "each side has a chart of its own"),
        (["classrom"], "did you mean 'classroom'?"),
        (["--lesson", "smile"], "there is no lesson 'smile'"),
        (["--lesson", "missing.md"], "missing.md: there is no such file"),
        (["--check"], "--check: which lesson?"),
        (["--copy", "mine.md"], "--copy: which lesson?"),
        (["--lesson", "smile_training", "--copy", "mine.txt"], "ends in .md"),
        (["--lesson", "smile_training", "--copy", __file__ + ".d/mine.md"], "cannot be written"),
        (["--host", "no.such.host.invalid"], "there is no such address"),
    ],
)
def test_wrong_arguments_are_said_plainly(command: Command, arguments: list[str], message: str) -> None:
    code, out, err = command("demo", "--no-browser", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_lesson_is_copied_to_a_file_that_can_be_begun_with(command: Command) -> None:
    arguments = ("demo", "--no-browser", "--lesson", "smile_training", "--copy", "mine.md")
    assert command(*arguments)[0] == 0
    assert load_lesson("mine.md")[0] == load_lesson("smile_training")[0]
    code, _, err = command(*arguments)
    assert code == 2
    assert "there is such a file already" in err


def test_the_seed_asked_for_is_that_of_every_lesson_and_of_its_handout(command: Command) -> None:
    assert {lesson.seed for lesson, _ in all_lessons((), 11).values()} == {11}
    assert {lesson.seed for lesson, _ in all_lessons().values()} != {11}
    assert command("demo", "--lesson", "smile_training", "--seed", "11", "--handout", "mine.html")[0] == 0
    assert "Step 1, seed 11<" in Path("mine.html").read_text(encoding="utf-8")


def test_a_lesson_is_checked_with_the_seeds_asked_for(command: Command) -> None:
    step = '[[steps]]\ntitle = "One"\ntext = "Look."\nrun = 9\nexpect = [{ metric = "satisfaction", is = "higher" }]\n'
    Path("mine.md").write_text(f'+++\ntitle = "Mine"\nquestion = "Why?"\n{step}+++\nNotes.\n', encoding="utf-8")
    said = []
    for first, more in ((1, ()), (20, ("--seed", "20"))):
        (outcome,) = try_lesson(*load_lesson("mine.md"), range(first, first + 8))
        code, out, _ = command("demo", "--lesson", "mine.md", "--check", *more)
        assert (code, " ".join(out.split())) == (not outcome.holds, outcome.text())
        said.append(out)
    assert said[0] != said[1]


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_command_says_where_the_page_is_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-m", "simsvc", "demo", "--no-browser", "--port", "0", "--host", "0.0.0.0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "http" in line)
        assert re.match(r"The page is at http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)\n", line)
        assert "open to the network" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        try:
            rest = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in rest


_NEVER_DONE = """
import asyncio
from simsvc.demo.server import Offer, Page
from simsvc.demo.serving import listen, serve
from simsvc.scenario.loading import load_scenario

async def never(page, do):
    print("asked", flush=True)
    await asyncio.sleep(60)

Page._work = never
offer = Offer("classroom", load_scenario("classroom"), ("traditional", "inverted"), None, {})
say = lambda words: print(words, flush=True)
serve(offer, listen("127.0.0.1", 0), "127.0.0.1", sessions=1, browser=False, say=say)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_it_without_a_word_while_something_is_computed() -> None:
    command = [sys.executable, "-c", _NEVER_DONE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found
        with socket.create_connection(("127.0.0.1", int(found.group(1)))) as asking:
            head = "POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            asking.sendall(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
            assert process.stdout.readline() == "asked\n"
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
