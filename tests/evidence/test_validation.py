"""Published findings: every row can be measured and judged, and the command says what came of it."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Command

from simsvc.errors import InputError
from simsvc.evidence import validation
from simsvc.evidence.assumptions import assumptions
from simsvc.evidence.branches import partial_correlation
from simsvc.evidence.findings import (
    CALIBRATED,
    HELD_OUT,
    HISTORICAL,
    MET,
    MISSED,
    NOTHING,
    OPEN,
    SEEN,
    Finding,
    Measured,
    findings,
)  # fmt: skip
from simsvc.evidence.following import bend
from simsvc.evidence.histories import HISTORIES
from simsvc.evidence.levels import LEVELS
from simsvc.evidence.measures import measure_of
from simsvc.evidence.measuring import Arm, Measure, Seen, Values
from simsvc.evidence.validation import Validation, chosen, validate
from simsvc.evidence.worlds import validate_worlds
from simsvc.organization import ServiceOrganization
from simsvc.runs.progress import Progress
from simsvc.runs.statistics import Interval
from simsvc.scenario.loading import changed, histories, load_scenario, presets
from simsvc.sweeps.design import Design
from simsvc.sweeps.sweep import Sweep

ROOT = Path(__file__).parents[2]
BIBLIOGRAPHY = (ROOT / "docs" / "references.bib").read_text("utf-8")
KEYS = set(re.findall(r"^@\w+\{(\w+),", BIBLIOGRAPHY, re.MULTILINE))


def test_whatever_is_published_as_not_met_says_why() -> None:
    published = pd.read_csv(ROOT / "results" / "validation" / "findings.csv")
    reasons = {row.name: row.why for row in findings()}
    not_met = published[published["verdict"].isin([MISSED, OPEN])]
    assert len(not_met) > 20
    assert not_met[[not reasons[name] for name in not_met["name"]]]["name"].tolist() == []
    assert not_met[not_met["why"].isna()]["name"].tolist() == []


@pytest.mark.parametrize("row", findings(), ids=lambda row: row.name)
def test_a_finding_can_be_measured_and_judged(row: Finding) -> None:
    assert row.name in measure_of()[row.name].findings
    assert row.low < row.high
    assert row.source
    assert row.finding.endswith(".")
    assert row.measure.endswith(".")
    assert set(row.keys) <= KEYS
    assert row.seen in SEEN if row.keys else row.kind == CALIBRATED and not row.seen
    inside = min(max(0.0, row.low + 1e-9), row.high - 1e-9)
    assert row.verdict(Interval(inside, inside, inside, 3)) == MET
    outside = row.high + 1 if math.isfinite(row.high) else row.low - 1
    assert row.verdict(Interval(outside, outside, outside, 3)) == MISSED


def published() -> dict[str, tuple[str, str]]:
    """First author's surname and year of each entry of the bibliography."""
    entries = re.findall(r"^@\w+\{(\w+),(.*?)^\}", BIBLIOGRAPHY, re.MULTILINE | re.DOTALL)
    found = {}
    for key, entry in entries:
        author, year = re.search(r"author = \{+([^,}]+)", entry), re.search(r"year = \{(\d+)\}", entry)
        assert author, key
        assert year, key
        found[key] = ({"Economic Policy Institute": "EPI"}.get(author[1], author[1]), year[1])
    return found


def test_the_bibliography_holds_what_is_cited_and_no_more() -> None:
    derived = " ".join(path.read_text("utf-8") for path in (ROOT / "experiments" / "evidence").glob("*.py"))
    cited = {key for row in findings() for key in row.keys} | set(re.findall(r'"([A-Z]\w+\d{4})"', derived))
    assert cited <= KEYS
    entries = published()
    for one in assumptions():
        mine = {key for key, (name, year) in entries.items() if re.search(rf"\b{name}\b.*{year}", one.source)}
        years = set(re.findall(r"\b(?:19|20)\d\d\b", one.source))
        assert years <= {entries[key][1] for key in mine}, f"{one.name}: {one.source}"
        cited |= mine
        if one.grade != "guess":
            told = ("abstract", "quoted", "remembered", "memory")
            assert any(word in one.source for word in told), f"{one.name}: how far was {one.source} seen?"
    texts = [*(ROOT / "simsvc").rglob("*.py"), *(ROOT / "simsvc").rglob("*.toml"), *(ROOT / "docs").rglob("*.md")]
    everything = "\n".join(path.read_text("utf-8") for path in texts)
    lines = unicodedata.normalize("NFKD", everything).encode("ascii", "ignore").decode()
    for key in KEYS - cited:
        name = re.sub(r"[{}\\'\"^`]|\\[a-z]", "", entries[key][0])
        assert key in everything or re.search(rf"{name}\b[^\n]*(\n[^\n]*)?{entries[key][1]}", lines), key


def test_every_level_of_the_calibration_is_a_finding() -> None:
    levels = [level.name for level in LEVELS]
    assert [row.name for row in findings() if row.kind == CALIBRATED] == ["bosses", *levels]  # workforce.boss_spread
    assert sum(row.kind == HELD_OUT for row in findings()) >= 12


@pytest.mark.parametrize("name", histories())
def test_a_firm_of_the_past_turns_and_says_from_which_sources(name: str) -> None:
    firm = load_scenario(name)
    assert name not in presets()
    assert firm.about.sources
    assert firm.timeline
    assert max(change.day for change in firm.timeline) < firm.run.days - 250
    turned = [arm for one in HISTORIES for arm in one.arms("traditional") if arm.scenario == firm]
    assert [arm.label for arm in turned] == ["turned"]


def test_findings_are_chosen_by_kind() -> None:
    assert {row.kind for row in chosen(kind=HISTORICAL)} == {HISTORICAL}
    assert {name for one in HISTORIES for name in one.findings} == {row.name for row in chosen(kind=HISTORICAL)}
    with pytest.raises(InputError, match="none of bosses is historical"):
        chosen(["bosses"], HISTORICAL)


@pytest.mark.parametrize(
    ("range_", "found", "verdict"),
    [
        ((1, 2), (1.5, 1.2, 1.8), MET),
        ((1, 2), (1.5, 0.6, 2.4), MET),
        ((1, 2), (1.5, 0.2, 2.8), OPEN),
        ((1, 2), (2.1, 1.9, 2.3), OPEN),
        ((1, 2), (2.5, 2.1, 2.9), MISSED),
        ((0, math.inf), (0.5, 0.1, 0.9), MET),
        ((0, math.inf), (0.5, -0.1, 1.1), OPEN),
        ((-math.inf, 0), (0.5, 0.1, 0.9), MISSED),
        ((-math.inf, 0), (0.0, 0.0, 0.0), MISSED),
        ((-math.inf, 0), (math.nan, math.nan, math.nan), NOTHING),
    ],
)
def test_the_verdict_follows_from_the_interval(
    range_: tuple[float, float], found: tuple[float, float, float], verdict: str
) -> None:
    row = Finding("n", "f.", "m.", "", *range_, "", HELD_OUT, "s", why="because")
    one = Measured(row, "traditional", Interval(*found, n=0 if math.isnan(found[0]) else 4))
    assert one.verdict == verdict
    said = Validation([one], 4, 1, 4)
    assert said.table["why"].tolist() == ["because" if verdict in (MISSED, OPEN) else ""]
    assert ("n (traditional)" in said.sentence()) == (verdict == MISSED)
    json.dumps(said.as_json(), allow_nan=False)
    assert said.plot().axes


def test_curves_and_mediation() -> None:
    x = np.linspace(0, 1, 9)
    assert bend(x, 3 * x * x - x) == pytest.approx(3)
    random = np.random.default_rng(1)
    between = random.normal(size=4000)
    one, other = between + random.normal(size=4000), between + random.normal(size=4000)
    assert abs(partial_correlation(one, other, between)) < 0.05


def test_the_command_measures_one_finding(command: Command) -> None:
    code, out, _ = command("validate", "--only", "standard_erodes", "--replications", "2", "--json")
    assert code == 0
    (entry,) = json.loads(out)["findings"]
    assert entry["range"] == [None, 0.0]
    assert entry["kind"] == HELD_OUT
    assert list(entry["charts"]) == ["traditional", "inverted"]
    slow = {"assumptions.service_time.erosion_days": 190.0}
    other = validate(["standard_erodes"], assumed=slow, replications=2, workers=1)
    assert entry["charts"]["traditional"]["value"] < other.measured[0].value.mean < 0
    assert other.details()["assumed"] == slow


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--only", "bosse"), "no finding 'bosse'; did you mean 'bosses'"),
        (("--replications", "1"), "allowed: 2"),
        (("--kind", "historic"), "no kind of finding 'historic'; did you mean 'historical'"),
        (("--set", "workforce.frontline=3"), "only coefficients"),
    ],
)
def test_wrong_input_is_one_line(words: tuple[str, ...], message: str, command: Command) -> None:
    code, out, err = command("validate", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


STRENGTHS, BAD_WORDS = [0.5, 1.5, 1.8, 0.4], [0.1, 0.2, 0.3, 0.4]
"""Of word of mouth in the worlds, and what a bad word does in them."""


@pytest.fixture
def ensemble(tmp_path: Path) -> Path:
    """A folder as of an ensemble that has kept four worlds; their runs are not looked at."""
    worlds = {"rules.word_of_mouth": STRENGTHS, "assumptions.word_of_mouth.bad_word": BAD_WORDS}
    Sweep(Design("classroom", method="list", vary=worlds, replications=1), tmp_path / "e" / "sweep" / "effects").close()
    return tmp_path / "e"


@pytest.fixture
def told_by_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """One finding, above 0 where word of mouth is stronger than 1, of which one arm sets its strength to 0."""

    def arms(chart: str) -> list[Arm]:
        small = load_scenario("classroom", {"market.population": 60, "market.customers": 30})
        return [Arm("talk", small), Arm("silence", changed(small, {"rules.word_of_mouth": 0.0}))]

    def settings(model: ServiceOrganization, days: int) -> dict[str, float]:
        return {"rule": model.settings.rules.word_of_mouth, "bad": model.settings.assumptions.word_of_mouth.bad_word}

    def values(seen: Seen) -> Values:
        assert seen["talk"]["bad"] == seen["silence"]["bad"]
        return {"words_recruit": seen["talk"]["rule"] - 1 - 9 * seen["silence"]["rule"]}

    monkeypatch.setattr(validation, "MEASURES", (Measure(("words_recruit",), arms, settings, values),))


@pytest.mark.usefixtures("told_by_settings")
def test_findings_in_worlds_have_the_settings_of_the_worlds_and_their_own(ensemble: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = validate_worlds(ensemble, ["words_recruit"], workers=1, out=out)
    row = found.table.iloc[0]
    assert (found.kept, found.worlds, found.runs) == (4, 4, 5 * 2 * 2 * 2)
    assert [row[name] for name in ("default", "default_inside", "share", "without")] == [0.0, False, 0.5, 0.0]
    assert row["p50"] == pytest.approx(np.median(STRENGTHS) - 1)
    assert found.own == {"words_recruit": ["rules.word_of_mouth"]}
    assert found.charts["p50"].tolist() == [0.5] * len(found.charts)
    assert "words_recruit" in found.sentence()
    json.dumps(found.as_json(), allow_nan=False)
    assert found.plot().axes
    found.save(out)
    (out / "sweep" / "worlds" / "world-0001.json").unlink()
    seen: list[Progress] = []
    again = validate_worlds(ensemble, ["words_recruit"], workers=1, out=out, watch=seen.append)
    assert len(seen) == 8  # the runs of the one world that was missing
    pd.testing.assert_frame_equal(again.table, found.table)
    with pytest.raises(InputError, match=r"default\.json: was measured otherwise \(replications differs\)"):
        validate_worlds(ensemble, ["words_recruit"], replications=3, out=out)
    few = validate_worlds(ensemble, ["words_recruit"], sample=2, workers=1)
    assert few.values["world"].unique().tolist() == [-1, 0, 3]


def test_folders_without_worlds_are_one_line(ensemble: Path, command: Command, tmp_path: Path) -> None:
    Sweep(Design("classroom", vary={"demand.idiosyncrasy": [0.2]}), tmp_path / "b" / "sweep" / "effects").close()
    for words, message in (
        (("--worlds", "nowhere"), "nowhere: holds no worlds; name a folder"),
        (("--worlds", tmp_path / "b"), "its worlds differ in settings (demand.idiosyncrasy"),
        (("--worlds", ensemble, "--sample", "1"), "sample = 1: allowed is 2 or more"),
        (("--worlds", ensemble, "--quick"), "leave --set and --quick out"),
        (("--sample", "3"), "name their folder with --worlds"),
    ):
        code, out, err = command("validate", *words)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert message in err
