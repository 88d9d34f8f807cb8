"""The register of claims: what is said of such charts, where the model holds it, and what the runs answered.

The rows stand in `claims.toml`. Their answers come from `results/*/answers.csv`, which the scripts in
`experiments/` write; `answers.csv` beside this file holds the published ones, so that an installed
program can show them. Nothing here is typed from results: verdicts follow from intervals.
"""

from __future__ import annotations

import ast
import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from simsvc.errors import InputError, nearest
from simsvc.evidence.answers import Answer, read_answers, write_answers
from simsvc.evidence.robust_effects import Effect, InWorlds
from simsvc.show.numbers import listed

SUPPORTED, CONTRADICTED, NOTHING = "supported here", "contradicted here", "no effect seen"

VERDICTS = {
    SUPPORTED: "every predicted quantity has its whole 95 % interval on the predicted side",
    "supported in part": "some have, for the others no effect is seen",
    "depends": "some have, others lie wholly on the other side",
    NOTHING: "every interval holds 0, or the value that the claim names",
    "contradicted in part": "some lie wholly on the other side, for the others no effect is seen",
    CONTRADICTED: "all lie wholly on the other side",
    "measured": "the claim has answers, but predicts no sign",
    "no answer": "no experiment has answered yet",
}
"""What can be said of a claim, and when it is said."""

TOPICS = {
    "The two charts": ("C1", "C11"),
    "Staff and customers mirror each other": ("C12", "C23"),
    "Empowerment as a programme": ("C24", "C30"),
    "How a leader behaves": ("C31", "C38"),
    "Counter-claims of research": ("H1", "H12"),
}
"""Groups of claims: first and last number."""


@dataclass(frozen=True)
class Prediction:
    """On which side a quantity lies if a claim is right.

    Attributes:
        quantity: name in the answers; `*` stands for any text.
        sign: `+` above, `-` below.
        than: the value between both sides, in the unit of the answer.
        experiment: name of the only script it is about; all if empty.
    """

    quantity: str
    sign: Literal["+", "-"]
    than: float = 0.0
    experiment: str = ""

    def is_about(self, answer: Answer) -> bool:
        """Whether an answer is one that is predicted here."""
        pattern = ".*".join(map(re.escape, self.quantity.split("*")))
        meant = self.experiment in ("", answer.experiment)
        return meant and re.fullmatch(pattern, answer.quantity) is not None

    def outcome(self, answer: Answer) -> str:
        """Whether the interval of an answer lies on the predicted side, on the other, or on both; empty without one."""
        if math.isnan(answer.low):
            return ""
        if answer.low > self.than or answer.high < self.than:
            return SUPPORTED if (answer.low > self.than) == (self.sign == "+") else CONTRADICTED
        return NOTHING

    def __str__(self) -> str:
        return f"{'above' if self.sign == '+' else 'below'} {self.than:g}"


@dataclass(frozen=True)
class Claim:
    """One row of the register.

    Attributes:
        number: C1 to C38 of practitioners, H1 to H12 of research.
        claim: what is said, one sentence.
        source: who says so.
        rules: names of the rules that carry it.
        strengths: settings that switch the mechanism off at 0; none where the claim is about a whole chart.
        settings: settings that vary it.
        experiments: names of the scripts that answer it.
        turns: where to look for conditions under which the answer changes.
        predicts: what the answers look like if the claim is right.
        worlds: which answers are effects that the ensembles of worlds hold.
    """

    number: str
    claim: str
    source: str
    rules: tuple[str, ...]
    strengths: tuple[str, ...]
    settings: tuple[str, ...]
    experiments: tuple[str, ...]
    turns: str
    predicts: tuple[Prediction, ...] = ()
    worlds: tuple[Effect, ...] = ()

    def prediction(self, answer: Answer) -> Prediction | None:
        """What was predicted of an answer, if anything."""
        return next((each for each in self.predicts if each.is_about(answer)), None)

    def over_worlds(self, answers: Sequence[Answer]) -> dict[Answer, InWorlds]:
        """What its answers are over the worlds, as far as those hold them."""
        both = [(answer, each.at(answer.quantity)) for answer in self.own(answers) for each in self.worlds]
        return {answer: found for answer, found in both if found}

    def outcomes(self, answers: Sequence[Answer]) -> dict[str, list[Answer]]:
        """Answers of which a sign was predicted, by what came out; empty lists are left out."""
        found: dict[str, list[Answer]] = {}
        for answer in self.own(answers):
            predicted = self.prediction(answer)
            if outcome := predicted.outcome(answer) if predicted else "":
                found.setdefault(outcome, []).append(answer)
        return found

    def verdict(self, answers: Sequence[Answer]) -> str:
        """What the answers say on the claim: one of `VERDICTS`."""
        outcomes = self.outcomes(answers)
        if not outcomes:
            return "measured" if self.own(answers) else "no answer"
        if SUPPORTED in outcomes and CONTRADICTED in outcomes:
            return "depends"
        if NOTHING in outcomes and len(outcomes) > 1:
            return "supported in part" if SUPPORTED in outcomes else "contradicted in part"
        return next(iter(outcomes))

    def own(self, answers: Sequence[Answer]) -> list[Answer]:
        """Those of the answers that are on this claim, experiment by experiment."""
        rank = {name: k for k, name in enumerate(self.experiments)}
        mine = [answer for answer in answers if answer.claim == self.number]
        return sorted(mine, key=lambda answer: rank.get(answer.experiment, len(rank)))

    def where_it_turns(self, answers: Sequence[Answer]) -> str:
        """Where to look for conditions, and which answers differ from what most of them say."""
        outcomes = self.outcomes(answers)
        if len(outcomes) < 2:
            return self.turns
        most = max(sorted(outcomes), key=lambda each: len(outcomes[each]))
        number = sum(map(len, outcomes.values()))
        parts = [f"{len(outcomes[most])} of {number} predicted answers: {most}"]
        parts += [
            f"{each}: {'; '.join(a.quantity for a in outcomes[each])}" for each in sorted(outcomes) if each != most
        ]
        return f"{self.turns} {'. '.join(part[0].upper() + part[1:] for part in parts)}."


@dataclass(frozen=True)
class RuleText:
    """Where a rule stands and what it says."""

    file: str
    """Path from the root of the project."""
    summary: str
    """First line of its docstring."""


@cache
def claims() -> tuple[Claim, ...]:
    """All claims, in order."""
    table = tomllib.loads((files("simsvc.evidence") / "claims.toml").read_text(encoding="utf-8"))
    return tuple(_claim(number, row) for number, row in table.items())


def _claim(number: str, row: dict[str, object]) -> Claim:
    """A row of the file as a claim; a key that is unknown or missing is an error of ours."""
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    predicts = tuple(Prediction(**each) for each in lists.pop("predicts", ()))
    worlds = tuple(Effect(**each) for each in lists.pop("worlds", ()))
    texts = {key: str(value) for key, value in row.items() if isinstance(value, str)}
    return Claim(number=number, predicts=predicts, worlds=worlds, **texts, **lists)  # type: ignore[arg-type]


def claim(number: str) -> Claim:
    """The claim of that number, in capitals or not.

    Raises:
        InputError: if there is none.
    """
    rows = {row.number: row for row in claims()}
    try:
        return rows[number.upper()]
    except KeyError:
        hint = nearest(number.upper(), rows)
        raise InputError(f"there is no claim '{number}'{hint}; claims: C1 to C38, H1 to H12") from None


def topic(number: str) -> str:
    """The group of claims that a number belongs to."""
    for name, (first, last) in TOPICS.items():
        if number[0] == first[0] and int(first[1:]) <= int(number[1:]) <= int(last[1:]):
            return name
    raise KeyError(number)


@cache
def rule_texts() -> dict[str, RuleText]:
    """Every rule of the model by name, read from the sources without compiling anything."""
    folder = files("simsvc.model") / "rules"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".py"):
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) == "rule" for d in node.decorator_list):
                summary = (ast.get_docstring(node) or "").partition("\n")[0]
                found[node.name] = RuleText(f"simsvc/model/rules/{file.name}", summary)
    return found


def answers(results: Path | None = None) -> list[Answer]:
    """What experiments answered.

    Args:
        results: folder with one folder of results per experiment; the published answers if left out.

    Raises:
        InputError: if a table of answers cannot be read, or answers a claim that there is not.
    """
    tables: Sequence[Traversable] = [files("simsvc.evidence") / "answers.csv"]
    if results is not None:
        tables = sorted(results.glob("*/answers.csv"))
    numbers = {row.number for row in claims()}
    found = []
    for table in tables:
        for answer in read_answers(table):
            if answer.claim not in numbers:
                raise InputError(f"{table}: there is no claim '{answer.claim}'")
            found.append(answer)
    return found


INTRODUCTION = """\
# Claims and what this model answers

Practitioners say strong things about turning the chart of a service organisation upside down (C1 to C38), and
researchers have good reasons why it may fail (H1 to H12). Each is a hypothesis here: it has rules in the model that can
be switched off, settings that vary it, and an experiment that may come out against it.

The answers are those of *this model in the settings of its experiments*, not measurements of companies. These pages
follow from the register `simsvc/evidence/claims.toml` and the tables `answers.csv` in `results/`;
`python experiments/reproduce.py` runs all experiments and writes them anew. `simsvc claims C15` prints a row,
`simsvc claims --json` all of them. Which results are of the rules as they are today stands in
[experiments](../experiments.md).

## How to read it

Values are means over replications with 95 % intervals. Differences between arms are taken within a replication: the
same people, needs and luck on both sides. Some quantities have a predicted side, the one on which the claim wants them,
written before the published runs; comparisons of earlier versions of the model had been seen. One exception: those of
C4 with everything "all against" the inverted chart were written after a first look at that experiment, whose place was
looked for to see whether the whole flip can lose. The other quantities are for looking at. The verdict follows from the
intervals of the predicted ones alone:
"""


def write_document(results: Path, to: Path) -> None:
    """Write the pages of claims with the answers of a folder of results.

    Answers of the project's own folder are the published ones: they are also copied to `answers.csv`
    in the package.

    Args:
        results: folder with one folder of results per experiment.
        to: folder to write into, for example `docs/claims`; made if it is not there.

    Raises:
        InputError: if an answer cannot be read.
    """
    found = answers(results)
    to.mkdir(parents=True, exist_ok=True)
    for name, text in document(found).items():
        (to / name).write_text(text, encoding="utf-8")
    package = Path(__file__).parent
    if results.resolve() == package.parents[1] / "results":
        write_answers(found, package / "answers.csv")


def document(found: Sequence[Answer]) -> dict[str, str]:
    """The pages in Markdown by the names of their files: an index and one a claim; same answers, same text."""
    parts = [INTRODUCTION, _table(("verdict", "when"), list(VERDICTS.items()))]
    parts.append(
        "An interval says nothing about size: look at the values. Where nothing differs at all, one predicted quantity "
        "in\ntwenty still leaves out 0 by chance.\n"
    )
    served = [f"[{row.number}]({row.number}.md)" for row in claims() if row.over_worlds(found)]
    parts.append(
        f"Intervals hold luck alone. The pages of {listed(served)} also say in which share of the worlds of other\n"
        "assumptions their answers keep their sign. The ensembles of worlds do not speak of any other answer: they\n"
        "hold two charts, each factor turned alone, and nothing else.\n"
    )
    for heading in TOPICS:
        rows = [row for row in claims() if topic(row.number) == heading]
        cells = [(f"[{row.number}]({row.number}.md)", row.claim, row.verdict(found)) for row in rows]
        parts += [f"## {heading}\n", _table(("", "claim", "verdict"), cells)]
    return {"index.md": "\n".join(parts), **{f"{row.number}.md": _page(row, found) for row in claims()}}


def _page(row: Claim, found: Sequence[Answer]) -> str:
    """One claim with everything that belongs to it."""
    lines = [f"# {row.number}. {row.claim}", "", f"*({row.source})*", ""]
    lines += [f"**Verdict: {row.verdict(found)}.** {row.where_it_turns(found)}", ""]
    lines += ["[All claims, and how to read them](index.md)", ""]
    predicted = [answer for answer in row.own(found) if row.prediction(answer)]
    others = [answer for answer in row.own(found) if not row.prediction(answer)]
    if predicted:
        lines += ["## What was predicted", "", *_answers(row, predicted)]
    if others and predicted:
        lines += ["## What else was measured", "", f"<details><summary>{len(others)} quantities</summary>", ""]
        lines += [*_answers(row, others), "</details>", ""]
    elif others:
        lines += ["## What was measured", "", *_answers(row, others)]
    lines += _whatever_is_assumed(row, found)
    lines += ["## Where it is in the model", ""]
    for name in row.rules:
        text = rule_texts()[name]
        lines.append(f"- rule `{name}` ([{text.file}](../../{text.file})): {text.summary}")
    lines.append(f"- switched off at 0: {_names(row.strengths) or 'no single setting; the claim is about a chart'}")
    lines.append(f"- varied by: {_names(row.settings)}")
    answered = {each.experiment for each in found}
    for name in row.experiments:
        there = f", [results](../../results/{name})" if name in answered else ""
        lines.append(f"- experiment: [{name}](../../experiments/{name}.py){there}")
    return "\n".join(lines) + "\n"


def _whatever_is_assumed(row: Claim, found: Sequence[Answer]) -> list[str]:
    """What becomes of answers over the worlds, a line each, and what the worlds cost; nothing if they hold none."""
    told = row.over_worlds(found)
    if not told:
        return []
    runs = listed(sorted({f"{worlds.runs:,} runs of {worlds.organisation}" for worlds in told.values()}))
    return [
        "## Whatever is assumed",
        "",
        "Median [5, 95 %] over worlds: draws of all assumptions at once under which the traditional chart goes with "
        "what is known of it ([robustness](../robustness.md)), organisations born so, over the measured days of their "
        f"preset. It took {runs}, which serve all claims.",
        "",
        *(f"- {answer.quantity}: {worlds.told(answer.low, answer.high)}" for answer, worlds in told.items()),
        "",
    ]


def _answers(row: Claim, found: Sequence[Answer]) -> list[str]:
    """Tables of answers, either all predicted or none; what several of them mean is said once above them."""
    head = ["quantity", "value [95 %]", "unit"]
    groups: dict[str, list[list[str]]] = {}
    for answer in found:
        side = row.prediction(answer)
        told = [str(side), side.outcome(answer)] if side else []
        groups.setdefault(answer.meaning, []).append([answer.quantity, answer.told, answer.unit, *told])
    if row.prediction(found[0]):
        head += ["predicted", "here"]
    if len(groups) == len(found):
        return [_table((*head, "what it is"), [[*cells, meaning] for meaning, [cells] in groups.items()])]
    lines = []
    for meaning, rows in groups.items():
        lines += [f"{meaning[0].upper()}{meaning[1:].rstrip('.')}:", "", _table(head, rows)]
    return lines


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, with an empty line after it."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
