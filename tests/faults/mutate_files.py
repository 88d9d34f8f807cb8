"""Does any damaged file give more than one clear line? Files are mutated, read, and what comes of it is looked at.

    nice -n 19 python tests/faults/mutate_files.py                       # 10,000 files
    nice -n 19 python tests/faults/mutate_files.py --size 500 --only design --keep bad
    nice -n 19 python tests/faults/mutate_files.py --begin 5900 --size 4100   # the rest of 10,000

Every file is read or refused with one line that names it, within five seconds (a large design: or tells within five how
far its check has come), without a traceback; neither the line nor what is written of an accepted file has control
characters. Told besides: how many lines name a place in the file.
"""

from __future__ import annotations

import random
import re
import signal
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from simsvc.calibration.calls.layouts import load_layout
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.records import read_calls
from simsvc.calibration.months.monthly_figures import read_monthly
from simsvc.demo.lessons import built_in_lessons, load_lesson
from simsvc.errors import InputError, printable
from simsvc.process import run_script
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.sources import built_in
from simsvc.scenario.writing import scenario_toml, structure_toml
from simsvc.sensitivity_analysis.plan import plan_of
from simsvc.show.terminal import ProgressReport
from simsvc.sweeps.files import load_design

SLOW = 5.0
"""Seconds of a processor that no file may take without a word."""
DESIGN = """scenario = "classroom"
structures = ["traditional", "inverted"]
replications = 2
days = 20
seed = 3
series = ["loyalty"]
[set]
"market.promise" = 0.6
[vary]
"demand.idiosyncrasy" = { low = 0.1, high = 0.9, steps = 3 }
"operations.approval_delay" = { low = 1, high = 60, steps = 2, scale = "log" }
"workforce.frontline" = [6, 8]
[trace]
customer = [7]
"""
SENSITIVITY = """scenario = "classroom"
structures = ["traditional", "inverted"]
replications = 5
metrics = ["retention", "profit"]
trajectories = 4
points = 8
levels = 3
parameters = ["demand.failure_share"]
[vary]
"demand.idiosyncrasy" = { low = 0.1, high = 0.9 }
"operations.approval_delay" = { low = 1, high = 60, scale = "log" }
"""
SCENARIO = """base = "classroom"
[about]
title = "Own firm"
authors = ["A", "B"]
[demand]
idiosyncrasy = 0.6
profile = [1, 2, 3, 2.5]
[structure]
base = "traditional"
take = "inverted"
components = ["voice"]
frontline_limit = 150
[[timeline]]
day = 25
structure = "inverted"
domains = ["people"]
note = "turned"
[[timeline]]
day = 40
set = { "demand.contacts_per_year" = 12.0 }
managers_leave = [0]
"""
STRUCTURE = (
    'base = "traditional"\ntake = "inverted"\nlevers = ["kpi", "clarity"]\nlatitude = 0.7\nescalation = "hold"\n'
)
LAYOUT = """[columns]
arrival = "entered"
wait = "queue"
outcome = "result"
service_time = "talk"
agent = "who"
[units]
wait = "s"
service_time = "min"
[outcomes]
served = ["ANSWERED"]
abandoned = ["GONE", ""]
"""


def _calls() -> str:
    draw = random.Random(4)
    rows = ["arrival,wait,outcome,service_time,agent,customer,type"]
    for day in range(3, 15):
        for minute in range(0, 480, 7):
            lost = draw.random() < 0.1
            service = "" if lost else f"{draw.randint(20, 600)}"
            stamp = f"2025-03-{day:02d} {9 + minute // 60:02d}:{minute % 60:02d}:{draw.randint(0, 59):02d}"
            end = "abandoned" if lost else "served"
            who = f"{'' if lost else 'A'}{'' if lost else draw.randint(1, 5)}"
            rows.append(f"{stamp},{draw.randint(0, 90)},{end},{service},{who},{draw.randint(1, 400)},Billing")
    return "\n".join(rows) + "\n"


def _months() -> str:
    rows = ["month,churn,mean_wait,nps"]
    return "\n".join(rows + [f"2024-{k:02d},{0.02 + k / 1000:.4f},{2 + k / 10:.1f},{10 + k}" for k in range(1, 13)])


def _scenario(path: Path) -> str:
    return scenario_toml(load_scenario(path))


def _structure(path: Path) -> str:
    return structure_toml(load_structure(path))


_told_at = 0.0
"""Processor's time at which progress was told last."""


def _tell(done: int, total: int) -> None:
    global _told_at
    _told_at = time.process_time()


def _design(path: Path) -> str:
    return "\n".join(load_design(path, _tell).varied)


def _sensitivity(path: Path) -> str:
    return "\n".join(plan_of(path, (), {}).names)


def _lesson(path: Path) -> str:
    return str(load_lesson(str(path))[0].title)


def _layout(path: Path) -> str:
    load_layout(str(path))
    return ""


def _call_records(path: Path) -> str:
    ordinary_hours(read_calls(path))
    return ""


def _monthly(path: Path) -> str:
    read_monthly(path)
    return ""


KINDS: dict[str, tuple[Callable[[Path], str], str, Callable[[], list[str]]]] = {
    "scenario": (_scenario, ".toml", lambda: [SCENARIO, *built_in("scenario").values()]),
    "structure": (_structure, ".toml", lambda: [STRUCTURE, *built_in("structure").values()]),
    "design": (_design, ".toml", lambda: [DESIGN]),
    "sensitivity": (_sensitivity, ".toml", lambda: [SENSITIVITY]),
    "lesson": (_lesson, ".md", lambda: list(built_in_lessons().values())),
    "layout": (_layout, ".toml", lambda: [LAYOUT]),
    "calls": (_call_records, ".csv", lambda: [_calls()]),
    "months": (_monthly, ".csv", lambda: [_months()]),
}
"""How a file of a kind is read (giving what would be shown of it), how its name ends, files to begin with."""

NUMBERS = ("-1", "0", "nan", "inf", "-inf", "1e999", "1e308", "1e-320", "9" * 30, "9" * 5000, "0x10", "0x" + "f" * 5000,
           "1_000", "1,5", "true", '""', "[]", "{}", "[[1]]", "'x'", "1979-05-27", "99:99", "-0", "1e9",
           "123456789012")  # fmt: skip
TOKENS = ("\0", "\x1b[2J", "\x1b]0;x\x07", "\u202e", "\ufeff", "\x9b31m", "[" * 3000, "{a=" * 500, "'''", '"', "=", "#",
          ",", ";", "\t", "\r", "\r\n", "é" * 300, "x" * 100_000, "[[timeline]]\n", "[a.b.c]\n", "base = 1\n", "---\n",
          "=HYPERLINK(1)", "\U0001f600", "../../../etc/passwd", "sep=;\n", "\n" * 2000)  # fmt: skip


def mutated(text: str, draw: random.Random) -> bytes:
    """A file with one to four faults."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 4))):
        text = draw.choice(_WAYS)(text, draw)[:2_000_000]
    raw = text.encode("utf-8", "surrogatepass")
    way = draw.random()
    if way < 0.1 and raw:
        place = draw.randrange(len(raw))
        return raw[:place] + bytes([raw[place] ^ 1 << draw.randrange(8)]) + raw[place + 1 :]
    if way < 0.13:
        return text.encode(draw.choice(("utf-16", "utf-32", "cp1252", "utf-8-sig")), "replace")
    return raw


def _number(text: str, draw: random.Random) -> str:
    found = list(re.finditer(r"-?\d[\d.:-]*", text))
    one = draw.choice(found) if found else None
    return text[: one.start()] + draw.choice(NUMBERS) + text[one.end() :] if one else text


def _word(text: str, draw: random.Random) -> str:
    found = list(re.finditer(r"\w+", text))
    if len(found) < 2:
        return text
    one, other = draw.choice(found), draw.choice(found)
    return text[: one.start()] + other.group() + text[one.end() :]


def _token(text: str, draw: random.Random) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + draw.choice(TOKENS) + text[place:]


def _cut(text: str, draw: random.Random) -> str:
    first, last = sorted(draw.randrange(len(text) + 1) for _ in range(2))
    return draw.choice((text[:first], text[:first] + text[last:], text[first:last]))


def _lines(text: str, draw: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    way = draw.randrange(4)
    if way == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif way == 1:
        lines.insert(other, lines[one])
    elif way == 2:
        lines[one] *= draw.choice((2, 50, 3000))
    else:
        del lines[one]
    return "".join(lines)


def _letter(text: str, draw: random.Random) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + chr(draw.choice((draw.randrange(32, 127), draw.randrange(0x300)))) + text[place + 1 :]


_WAYS = (_number, _number, _word, _token, _cut, _lines, _letter)


def fault(read: Callable[[Path], str], path: Path) -> tuple[str, str]:
    """What is wrong with how a file is read, if anything, and the line that refuses it, if one does."""
    said, begun = "", time.process_time()

    def late(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, 4 * SLOW)
    try:
        shown = read(path)
    except InputError as error:
        said = shown = printable(str(error))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:100]} ({last.filename}, line {last.lineno})", ""
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - max(begun, _told_at)
    if took > SLOW:
        return f"took {took:.1f} s", said
    if said and "\n" in said:
        return "more than one line", said
    if said and path.name not in said:
        return "does not name the file", said
    if len(said) > 2000:
        return "a line of more than 2,000 letters", said
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in shown):
        return "control characters", said
    return "", said


def mutate(
    size: int, seed: int, kinds: list[str], keep: Path | None = None,
    watch: Callable[[int, int, int], None] = lambda done, total, bad: None, begin: int = 0,
) -> tuple[dict[str, Counter[str]], list[str]]:  # fmt: skip
    """Read mutated files.

    Args:
        size: how many.
        seed: of the mutations.
        kinds: of `KINDS`.
        keep: folder for files that are not read as they should be.
        watch: told how many are done, of how many, and how many faults there are.
        begin: number of the first; a file of a number is the same wherever a run begins.

    Returns:
        Counts of `read`, `refused`, `with a place` by kind; and the faults found, a line each.
    """
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(begin, begin + size):
            kind = kinds[number % len(kinds)]
            read, ending, texts = KINDS[kind]
            draw = random.Random(f"{seed} {number}")
            path = Path(folder) / f"mutant{number}{ending}"
            path.write_bytes(mutated(draw.choice(texts()), draw))
            wrong, said = fault(read, path)
            counts[kind]["refused" if said else "read"] += 1
            counts[kind]["with a place"] += bool(re.search(r"\b(line|row|column|lines|rows) ", said))
            if wrong:
                faults.append(f"{path.name} ({kind}): {wrong}{': ' * bool(said)}{said[:200]}")
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / path.name).write_bytes(path.read_bytes())
            path.unlink()
            watch(number + 1 - begin, size, len(faults))
    return counts, faults


def main(
    size: Annotated[int, typer.Option(help="Files.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Of the mutations.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="Kind; may be repeated.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Folder for files that are not read as they should be.")] = None,
    begin: Annotated[int, typer.Option(help="Number of the first file, to go on with a run that was stopped.")] = 0,
) -> None:
    """Mutate files, read them, and say what is not as it should be."""
    with ProgressReport("files") as bar:
        counts, faults = mutate(size, seed, only or list(KINDS), keep, bar.update, begin)
    for kind, count in counts.items():
        told: Any = ", ".join(f"{count[what]:,} {what}" for what in ("read", "refused", "with a place"))
        print(f"{kind}: {told}")
    for line in faults:
        print(line)
    print(f"{size:,} files, {len(faults)} faults")
    raise typer.Exit(1 if faults else 0)


if __name__ == "__main__":
    run_script(main, "mutate_files")
