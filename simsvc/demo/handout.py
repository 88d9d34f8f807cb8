# ruff: noqa: E501  the style sheet
"""A handout for students: one lesson on two sheets of A4, to be printed; question, charts, tables to fill in, doubts.

What the runs show is for the class to find out; a handout of results is made by `simsvc report --handout`.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from simsvc.demo.controls import turned_share
from simsvc.demo.info import DOUBT
from simsvc.demo.lessons import Lesson, as_page, lesson_scenario
from simsvc.demo.running import is_flat
from simsvc.demo.series import LABELS
from simsvc.scenario.loading import load_structure
from simsvc.scenario.management import LEVELS, heads_by_level
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.scenario.words import Words, spoken, words_of
from simsvc.show.numbers import level_unit

_USUAL = ("satisfaction", "morale", "escalation_rate")
"""What is looked at in a step that expects nothing."""
_LINES = '<div class="lines"></div>' * 4
_STYLE = """
@page { size: A4; margin: 14mm 15mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.32 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: #000; max-width: 180mm; margin: 0 auto; }
h1 { font-size: 17pt; margin: 0 0 1mm; } h2 { font-size: 12pt; margin: 3.5mm 0 1mm; } h3 { font-size: 10.5pt; margin: 2.2mm 0 0.5mm; }
p, ul { margin: 0 0 1.2mm; } ul { padding-left: 5mm; } .question { font-size: 12.5pt; font-weight: 600; }
.name { float: right; font-size: 9pt; } .charts { display: flex; gap: 8mm; } .charts figure { flex: 1; margin: 0; }
figcaption { font-weight: 700; } svg { width: 100%; height: 36mm; } .sheet + .sheet { break-before: page; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.5mm; break-inside: avoid; } td, th { border: 0.3mm solid #000; padding: 0.7mm 1.5mm; text-align: left; }
td { height: 7.2mm; width: 11%; } th { font-weight: 600; font-size: 9pt; white-space: nowrap; } td:first-child { width: 34%; } .ask { font-style: italic; padding-left: 5mm; } .ask p::before { content: "? "; font-weight: 700; margin-left: -4mm; } .lines { height: 11mm; border-bottom: 0.3mm solid #888; }
footer { margin-top: 2mm; font-size: 8.5pt; } @media screen { body { padding: 8mm; } }
@media (max-width: 640px) { .charts { flex-direction: column; } table { display: block; overflow-x: auto; } }
"""


def handout(name: str, lesson: Lesson, folder: Path) -> str:
    """The handout of a lesson as a page of HTML that asks for nothing.

    Args:
        name: of the lesson, as it is asked for.
        lesson: itself.
        folder: from which its scenario is looked for.
    """
    words, scenario, told = words_of(lesson.scenario), lesson_scenario(lesson, folder), as_page(name, lesson)
    figures = "".join(
        f"<figure><figcaption>{side}: {escape(spoken(chart))}</figcaption>{_drawn(scenario, chart, words)}</figure>"
        for side, chart in zip("AB", lesson.structures, strict=True)
    )
    steps = "".join(
        f"<h3>Step {number}: {escape(step['title'])} ({step['run']} days)</h3>{step['html']}"
        f'<div class="ask">{"".join(step["questions"])}</div>'
        for number, step in enumerate(told["steps"], 1)
    )
    tables = "".join(_table(lesson, number, words) for number in range(len(lesson.steps)))
    case = f"A case is what the {words.frontline} may not decide alone. It is passed up, and comes back granted or refused."
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(lesson.title)}: handout</title>'
        f'<style>{_STYLE}</style></head><body><section class="sheet"><p class="name">Name: ______________________</p>'
        f'<h1>{escape(lesson.title)}</h1><p class="question">{escape(lesson.question)}</p>'
        f"<p>The firm: {escape(words.firm)}, twice, with the same {words.customers} and the same luck. {case} "
        f'These are the charts that the lesson begins with:</p><div class="charts">{figures}</div>'
        f'<h2>What to try</h2>{steps}</section><section class="sheet"><h2>What you see</h2>'
        "<p>Write down your guess before you press Play: + if B will be higher than A, &minus; if lower, = if alike; or the "
        "same of one of them against the step before, where the row says so. The numbers stand beside the lesson when the "
        "days have run; then take another seed.</p>"
        f"{tables}<h2>What I did not expect, and why it may be so</h2>{_LINES}"
        f"<h2>What to doubt</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in DOUBT)}</ul>"
        f"<footer>simsvc demo --lesson {escape(name)}</footer></section></body></html>\n"
    )


def _table(lesson: Lesson, number: int, words: Words) -> str:
    """A table to fill in for one step."""
    expected = lesson.steps[number].expect
    asked = dict.fromkeys((one.metric, one.of) for one in expected) or dict.fromkeys((one, "b-a") for one in _USUAL)
    other = f"seed {lesson.seed + 1}"
    heads = ("my guess", "A", "B", f"A, {other}", f"B, {other}", "same way?")
    rows = "".join(f"<tr><td>{escape(_row(*one, words))}</td>{'<td></td>' * len(heads)}</tr>" for one in asked)
    head = "".join(f"<th>{one}</th>" for one in heads)
    return f"<table><tr><th>Step {number + 1}, seed {lesson.seed}</th>{head}</tr>{rows}</table>"


def _row(metric: str, of: str, words: Words) -> str:
    """What is looked at, with its unit, and what of A or B is to be compared with if not A with B."""
    unit = level_unit(metric).name.removesuffix("people")
    against = "" if of == "b-a" else f": {of.upper()} against the step before"
    return words.put(LABELS[metric]) + (f" ({unit})" if unit else "") + against


def _drawn(scenario: Scenario, chart: str, words: Words) -> str:
    """A chart as tiers of people: the highest on top, turned with the customers on top."""
    structure: Structure = load_structure(chart)
    heads = [n for n in heads_by_level(scenario.workforce) if n]
    tiers = [
        (LEVELS[level].title + "s" * (heads[level] > 1), min(heads[level], 12)) for level in reversed(range(len(heads)))
    ]
    tiers += [(words.frontline, min(scenario.workforce.frontline, 16)), (words.customers, 24)]
    if turned_share(structure) > 0.5:
        tiers.reverse()
    if is_flat(structure):
        tiers = [
            (words.customers, 24),
            (f"{words.frontline}, managers", min(scenario.workforce.frontline + sum(heads), 18)),
        ]
    parts = []
    for row, (label, people) in enumerate(tiers):
        y = 12 + row * 96 / max(len(tiers) - 1, 1)
        parts.append(f'<text x="0" y="{y + 3:.0f}" font-size="9">{escape(label)}</text>')
        parts += [
            f'<circle cx="{185 + (k - (people - 1) / 2) * 9:.1f}" cy="{y:.0f}" r="3.6" fill="none" stroke="#000"/>'
            for k in range(people)
        ]
    return f'<svg viewBox="0 0 300 120" role="img" aria-label="{escape(spoken(chart))}">{"".join(parts)}</svg>'
