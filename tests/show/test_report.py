"""Reports: one file that says what the folder says, asks for nothing, and runs nothing."""

from __future__ import annotations

import base64
import functools
import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from conftest import Command

import simsvc
from simsvc.errors import InputError
from simsvc.evidence.findings import Measured, findings
from simsvc.evidence.validation import Validation
from simsvc.reports import write_report
from simsvc.runs.metrics import HEADLINES, METRICS
from simsvc.runs.statistics import Interval
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.words import setting_words
from simsvc.show import paper
from simsvc.show.html.settings import scenario_of
from simsvc.show.numbers import difference_unit, with_unit_of_differences

EVIL = "<script>alert('$x_{')</script>"
QUICK = {"run.days": 60}
DESIGN = """
scenario = "classroom"
structures = ["traditional", "inverted"]
replications = 2
days = 40
[vary]
"demand.idiosyncrasy" = [0.2, 0.8]
"operations.approval_delay" = [2, 40]
"""


def dated(note: str = "rush") -> Any:
    change = {"day": 30, "set": {"demand.contacts_per_year": 30.0}, "note": note}
    return load_scenario("classroom", QUICK).model_validate(
        {**load_scenario("classroom", QUICK).model_dump(), "timeline": [change]}
    )


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three structures, one of them with an evil name, in an organisation with an evil note."""
    folder = tmp_path_factory.mktemp("results") / "comparison"
    charts = {
        "traditional": load_structure("traditional"),
        "inverted": load_structure("inverted"),
        EVIL: load_structure("flat"),
    }
    result = simsvc.compare(dated(EVIL), charts, replications=3)
    result.scenario_name = f"{EVIL}.toml"
    result.save(folder, f"simsvc compare '{EVIL}'")
    return folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison without an interval."""
    folder = tmp_path_factory.mktemp("results") / "pair"
    simsvc.compare("classroom", replications=1, days=20, factors=False).save(folder)
    return folder


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "single"
    simsvc.run(dated(), structure="inverted").save(folder, "simsvc run classroom")
    return folder


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results")
    (place / "design.toml").write_text(DESIGN)
    simsvc.sweep(place / "design.toml", out=place / "sweep")
    return place / "sweep"


@pytest.fixture(scope="module")
def analyses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny one of every other kind of results."""
    place = tmp_path_factory.mktemp("results")
    simsvc.decompose("classroom", replications=2, days=20, out=place / "decomposition").save(place / "decomposition")
    simsvc.best("classroom", ["traditional", "inverted"], days=40, replications=12).save(place / "selection")
    design = DESIGN.replace("[vary]", "[vary]\n").replace("[0.2, 0.8]", "{ low = 0.2, high = 0.8 }")
    design = design.replace("[2, 40]", "{ low = 2, high = 40 }")
    (place / "design.toml").write_text('method = "morris"\ntrajectories = 2\n' + design)
    simsvc.sensitivity(place / "design.toml").save(place / "sensitivity")
    measured = [Measured(one, "inverted", Interval(0.0, -1.0, 1.0, 8)) for one in findings()]
    Validation(measured, 8, seed=1, runs=0).save(place / "validation")
    return {name: place / name for name in ("decomposition", "selection", "sensitivity", "validation")}


@pytest.fixture(scope="module")
def folders(comparison: Path, single: Path, sweep: Path, analyses: dict[str, Path]) -> dict[str, Path]:
    flip = Path(__file__).parents[2] / "results" / "flip"
    return {"comparison": comparison, "run": single, "sweep": sweep, **analyses, "study": flip}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for reports that several tests read."""
    return tmp_path_factory.mktemp("reports")


@functools.cache
def html(folder: Path, place: Path) -> str:
    """The report of a folder."""
    return write_report(folder, place / "page.html").read_text("utf-8")


@functools.cache
def page(folder: Path, place: Path) -> ElementTree.Element:
    """The same, parsed; strictly, as every tag is closed and every attribute in quotes."""
    return ElementTree.fromstring(html(folder, place))


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def pictures(root: ElementTree.Element) -> Iterator[tuple[str, bytes]]:
    for image in root.iter("img"):
        kind, _, content = image.attrib["src"].partition(";base64,")
        yield kind, base64.b64decode(content)


def table_rows(root: ElementTree.Element, heads: list[str]) -> Iterator[list[str]]:
    """Rows with all their cells of every table with these heads."""
    for table in root.iter("table"):
        if [words(cell) for cell in table.findall("./thead/tr/th")] == heads:
            yield from ([words(cell) for cell in row] for row in table.findall("./tbody/tr") if len(row) == len(heads))


def numbers(text: str) -> list[str]:
    return re.findall(r"[+-]?[\d,]*\.?\d+", text.replace("−", "-"))


def shows(text: str, value: float) -> bool:
    """Whether a number in words is a value, rounded; tables in the folder have six digits."""
    decimals = len(text.partition(".")[2])
    return abs(float(text.replace(",", "")) - value) <= 0.5 * 10**-decimals + 6e-6 * abs(value) + 1e-9


KINDS = ("comparison", "run", "sweep", "decomposition", "selection", "sensitivity", "validation", "study")


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_of_every_kind_says_what_was_asked_and_where_it_comes_from(
    folders: dict[str, Path], kind: str, place: Path
) -> None:
    root, note = page(folders[kind], place), json.loads((folders[kind] / "manifest.json").read_text())
    text = words(root)
    titles = [words(heading) for heading in root.iter("h2")]
    assert titles[:2] == ["Question", "Answer"]
    assert titles[-1] == "Where this comes from"
    assert {"Settings", "How to read this report"} <= set(titles)
    assert words(root.find(".//p[@class='question']")).endswith(("?", "."))  # type: ignore[arg-type]
    assert note["commit"].removesuffix("-dirty") in text
    assert all(f"{name} {version}" in text for name, version in note["packages"].items())
    seed = note["seed"] if "seed" in note else note["design"]["seed"]
    assert f"Seed {seed}" in re.sub(r"\s+", " ", " ".join(root.itertext()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_asks_for_nothing_and_runs_nothing(folders: dict[str, Path], kind: str, place: Path) -> None:
    root = page(folders[kind], place)
    tags = {element.tag for element in root.iter()}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "video", "audio", "base"}
    attributes = [(name, value) for element in root.iter() for name, value in element.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    assert all(value.startswith("data:image/") for name, value in attributes if name == "src")
    assert "default-src 'none'" in root.find("./head/meta[@http-equiv]").attrib["content"]  # type: ignore[union-attr]
    style = words(root.find("./head/style"))  # type: ignore[arg-type]
    assert "url(" not in style
    assert "@import" not in style
    found = list(pictures(root))
    assert found
    for address, content in found:
        if address == "data:image/svg+xml":
            inside = ElementTree.fromstring(content)
            links = [v for part in inside.iter() for k, v in part.attrib.items() if k.endswith("href")]
            assert all(link.startswith(("#", "data:")) for link in links)
            assert not [part for part in inside.iter() if part.tag.endswith("script")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_can_be_read_without_seeing_it(folders: dict[str, Path], kind: str, place: Path) -> None:
    root = page(folders[kind], place)
    assert root.attrib["lang"] == "en"
    assert len(list(root.iter("h1"))) == 1
    levels = [int(element.tag[1]) for element in root.iter() if element.tag in ("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    alts = [image.attrib["alt"] for image in root.iter("img")]
    assert all(len(alt) > 30 for alt in alts)
    assert len(set(alts)) == len(alts)
    assert all(cell.attrib["scope"] in ("col", "row", "rowgroup") for cell in root.iter("th"))
    names = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(set(names)) == len(names)
    pointed = [element.attrib["href"][1:] for element in root.iter("a")]
    pointed += [element.attrib["aria-labelledby"] for element in root.iter() if "aria-labelledby" in element.attrib]
    assert set(pointed) <= set(names)


def test_every_difference_in_the_report_is_that_of_the_table(comparison: Path, place: Path) -> None:
    root, table = page(comparison, place), pd.read_csv(comparison / "differences.csv")
    levels = pd.read_csv(comparison / "levels.csv").set_index(["structure", "metric"])["mean"]
    checked = 0
    for structure, rows in table.groupby("structure"):
        heads = ["metric", "difference", "verdict", "traditional", str(structure), "change", "saved by pairing"]
        shown = {row[0]: row[1:] for row in table_rows(root, heads)}
        assert len(shown) == len(METRICS)
        for row in rows.to_dict("records"):
            money = row["unit"] == "money/year"
            factor = 100 if row["percent"] or row["unit"] == "0-1" else 0.001 if money else 1
            label = next(name for name in shown if name == row["label"] or name.startswith(f"{row['label']}, "))
            difference, verdict, before, after, effect, saved = shown[label]
            if pd.isna(row["low"]):
                assert difference == "–"
                assert verdict == f"no value here: {row['why']}"
                continue
            found = [row["mean"], row["low"], row["high"]]
            assert all(shows(a, b * factor) for a, b in zip(numbers(difference), found, strict=True)), (label, shown)
            assert verdict == row["verdict"].removesuffix(" seen")
            assert shows(numbers(before)[0], levels["traditional", row["metric"]] * factor)
            assert shows(numbers(after)[0], levels[structure, row["metric"]] * factor)
            assert pd.isna(row["percent_of_baseline"]) or shows(numbers(effect)[0], row["percent_of_baseline"])
            assert pd.isna(row["variance_reduction"]) or shows(numbers(saved)[0], row["variance_reduction"] * 100)
            checked += 1
    assert checked > 50


def test_every_number_of_a_run_is_that_of_its_summary(single: Path, place: Path) -> None:
    root, summary = page(single, place), pd.read_csv(single / "summary.csv").iloc[0]
    shown = {row[0]: row[1:] for row in table_rows(root, ["metric", "value", "unit", "meaning"])}
    assert shown.keys() == {metric.label for metric in METRICS.values()}
    for name, metric in METRICS.items():
        value, unit, meaning = shown[metric.label]
        factor = 100 if unit.startswith(("%", "of 100")) else 0.001 if unit.startswith("thousand") else 1
        assert value == "–" if pd.isna(summary[name]) else shows(numbers(value)[0], summary[name] * factor), name
        assert meaning == metric.meaning
    assert "Day 30: rush" in words(root)


def test_every_point_of_a_sweep_is_in_its_report(sweep: Path, place: Path) -> None:
    root, runs = page(sweep, place), simsvc.Results(sweep).runs()
    axes = ["demand.idiosyncrasy", "operations.approval_delay"]
    heads = [
        "point",
        "idiosyncrasy",
        "approval delay",
        "traditional",
        "inverted",
        "inverted - traditional, thousand a year",
    ]
    rows = list(table_rows(root, heads))
    means = runs.groupby(["point", "structure"])["profit"].mean() / 1000
    assert len(rows) == 4
    for point, *where, traditional, inverted, difference in rows:
        mine = runs[runs["point"] == int(point)]
        assert [float(value) for value in where] == mine[axes].iloc[0].to_list()
        found = (means[int(point), "traditional"], means[int(point), "inverted"])
        assert shows(numbers(traditional)[0], found[0])
        assert shows(numbers(inverted)[0], found[1])
        assert shows(numbers(difference)[0], found[1] - found[0])
    changes = simsvc.Results(sweep).changes().set_index(["setting", "metric"])["mean"]
    heads = ["setting", "from", "to", "of", "alone", *map(with_unit_of_differences, HEADLINES)]
    rows = list(table_rows(root, heads))
    assert [row[0] for row in rows] == axes
    for name, _, _, _, alone, *cells in rows:
        assert alone == "yes"
        for metric, one in zip(HEADLINES, cells, strict=True):
            assert shows(numbers(one)[0], difference_unit(metric).factor * changes[name, metric])
    alts = [image.attrib["alt"] for image in root.iter("img")]
    assert sum(alt.startswith("Map of the difference of 'inverted' to 'traditional'") for alt in alts) == 3


def test_the_parts_of_a_decomposition_are_those_of_its_table(analyses: dict[str, Path], place: Path) -> None:
    folder = analyses["decomposition"]
    root, effects = page(folder, place), pd.read_csv(folder / "effects.csv")
    rows = table_rows(root, ["part", "share", "main effect", "turned first", "turned last"])
    tables = [row for row in rows if row[0] != "whole difference"]
    assert len(tables) == 5 * 3
    for k, metric in enumerate(("retention", "loyalty", "profit")):
        for part, *cells in tables[5 * k : 5 * k + 5]:
            for effect, cell in zip(("shapley", "main", "first", "last"), cells, strict=True):
                one = (effects["part"] == part) & (effects["effect"] == effect) & (effects["metric"] == metric)
                row = effects[one].iloc[0] if one.sum() == 1 else None
                assert row is not None
                factor = 0.001 if metric == "profit" else 100
                found = [row["mean"] * factor, row["low"] * factor, row["high"] * factor]
                assert all(shows(a, b) for a, b in zip(numbers(cell), found, strict=True))


def test_settings_that_differ_from_the_defaults_stand_with_unit_and_default(sweep: Path, place: Path) -> None:
    root = page(sweep, place)
    heads = ["setting", "here", "preset 'classroom'", "default", "unit", "meaning"]
    shown = {row[0]: row[1:] for row in table_rows(root, heads)}
    classroom, default = load_scenario("classroom"), load_scenario("contact_centre")
    assert shown["market.customers"][:4] == ["1,200", "1,200", "12,000", "people"]
    for section in ("market", "demand", "workforce", "operations", "economics", "rules"):
        for name, value in getattr(classroom, section).model_dump().items():
            differs = value != getattr(default, section).model_dump()[name]
            assert (f"{section}.{name}" in shown) == differs
    heads = ["lever", "traditional", "inverted", "unit", "meaning"]
    levers = {row[0]: row[1:] for row in table_rows(root, heads)}
    assert levers["latitude"][:3] == ["0.15", "0.7", "0-1"]
    assert "smile_training" not in levers


def test_names_and_notes_are_text_never_markup(comparison: Path, place: Path) -> None:
    root = page(comparison, place)
    assert "<script" not in html(comparison, place).lower()
    assert f"'{EVIL}' gives" in words(root)
    assert f"simsvc compare '{EVIL}'" in words(root)
    assert any(EVIL in image.attrib["alt"] for image in root.iter("img"))
    assert any(EVIL in words(cell) for cell in root.iter("td"))


def test_a_single_pair_says_that_it_is_no_answer(pair: Path, place: Path) -> None:
    root = page(pair, place)
    assert "single pair of runs: no interval and no verdict" in words(root)
    assert "Where the difference comes from" not in words(root)
    heads = ["metric", "difference", "verdict", "traditional", "inverted", "change", "saved by pairing"]
    assert {row[2] for row in table_rows(root, heads)} <= {
        "one pair only",
        "no value here: nobody was called back under 'traditional'",
        "no value here: nobody was to be called back under 'traditional'",
    }


def test_a_sweep_that_is_not_finished_says_so(sweep: Path, tmp_path: Path) -> None:
    shutil.copytree(sweep, tmp_path / "part")
    shutil.rmtree(tmp_path / "part" / "runs")
    ledger = tmp_path / "part" / "ledger.jsonl"
    lines = [line for line in ledger.read_text().splitlines(keepends=True) if '"part"' not in line]
    ledger.write_text("".join(lines[:11]))
    assert "The sweep is not finished: 11 runs of at least 1" in words(page(tmp_path / "part", tmp_path))


def test_a_sweep_of_one_structure_over_many_points_shows_both_ends(tmp_path: Path) -> None:
    (tmp_path / "design.toml").write_text(
        'scenario = ["classroom", "fast_food"]\nstructures = ["inverted"]\nreplications = 1\ndays = 5\n'
        'method = "latin_hypercube"\npoints = 24\n[vary]\n"demand.idiosyncrasy" = { low = 0.1, high = 0.9 }\n'
        '"operations.distribution" = ["lognormal", "exponential"]\n'
    )
    runs = simsvc.sweep(tmp_path / "design.toml", out=tmp_path / "many").runs()
    root = page(tmp_path / "many", tmp_path)
    varied = map(setting_words, ("scenario", "demand.idiosyncrasy", "operations.distribution"))
    heads = ["point", *varied, "inverted"]
    shown = [int(row[0]) for row in table_rows(root, heads)][:40]
    ranked = runs.sort_values("retention", kind="stable")["point"].to_list()
    assert len(shown) == len(set(shown)) == 40
    assert {*ranked[:10], *ranked[-10:]} <= set(shown)
    assert "Of 48 points the tables show the 20 lowest and the 20 highest" in words(root)
    assert "only one run of each point" in words(root)


def test_the_command_writes_beside_the_results_and_the_same_folder_gives_the_same_file(
    comparison: Path, command: Command, place: Path
) -> None:
    code, out, err = command("report", comparison)
    assert (code, out) == (0, "")
    assert str(comparison / "report.html") in err
    assert (comparison / "report.html").read_text("utf-8") == html(comparison, place)


def test_runs_that_failed_are_told_where_the_command_is_told_to_and_under_its_title(
    pair: Path, command: Command, tmp_path: Path
) -> None:
    shutil.copytree(pair, tmp_path / "failed")
    failure = {"structure": "inverted", "replication": 1, "stage": "run", "message": EVIL, "traceback": "..."}
    pd.DataFrame([failure, failure]).to_csv(tmp_path / "failed" / "failures.csv", index=False)
    code, _, _ = command("report", tmp_path / "failed", "--out", tmp_path / "own.html", "--title", f"{EVIL} & more")
    assert code == 0
    raw = (tmp_path / "own.html").read_text("utf-8")
    assert "<script" not in raw.lower()
    root = ElementTree.fromstring(raw)
    assert words(root.find("./head/title")) == words(root.find(".//h1")) == f"{EVIL} & more"  # type: ignore[arg-type]
    assert "2 runs failed and did not enter the numbers" in words(root)
    assert [EVIL, "run", "2"] in list(table_rows(root, ["message", "stage", "runs"]))


DAMAGED = '{"program": "simsvc", "kind": "comparison", "structures": 5, "scenario": {}}'


def broken(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)


def without(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda folder: shutil.rmtree(folder), "there is no such folder"),
        (lambda folder: without(folder, "manifest.json"), "holds no results of simsvc"),
        (lambda folder: broken(folder, "manifest.json", '{"kind": '), "cannot be read"),
        (lambda folder: broken(folder, "manifest.json", "[1, 2]"), "something else than results"),
        (lambda folder: broken(folder, "manifest.json", '{"program": "simsvc", "kind": "dream"}'), "kind 'dream'"),
        (lambda folder: broken(folder, "manifest.json", '{"program": "simsvc", "kind": "run"}'), "not complete"),
        (lambda folder: broken(folder, "manifest.json", DAMAGED), "are damaged"),
        (lambda folder: broken(folder, "runs.parquet", "cut"), "runs.parquet: cannot be read"),
        (lambda folder: without(folder, "days.csv", "days.parquet"), "days.csv: is missing"),
        (lambda folder: without(folder, "result.json"), "result.json: is missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_folder_that_is_none_is_one_line_and_exit_code_2(
    comparison: Path,
    command: Command,
    tmp_path: Path,
    change: Callable[[Path], object],
    expected: str,
) -> None:
    shutil.copytree(comparison, tmp_path / "folder")
    change(tmp_path / "folder")
    code, out, err = command("report", tmp_path / "folder", "--out", tmp_path / "page.html")
    assert (code, out) == (2, "")
    assert err.startswith("simsvc: ")
    assert expected in err
    assert err.count("\n") == 1
    assert not (tmp_path / "page.html").exists()


def test_results_of_a_version_with_other_settings_are_refused(comparison: Path, tmp_path: Path) -> None:
    shutil.copytree(comparison, tmp_path / "old")
    note = json.loads((tmp_path / "old" / "manifest.json").read_text())
    note["scenario"]["market"]["charm"] = 1.0
    (tmp_path / "old" / "manifest.json").write_text(json.dumps(note))
    with pytest.raises(InputError, match=r"market\.charm.*make the report with that version"):
        write_report(tmp_path / "old", tmp_path / "page.html")


@pytest.mark.parametrize(
    ("name", "expected"), [("page.toml", "ends in .html"), ("none/page.html", "there is no folder")]
)
def test_a_report_goes_only_where_a_report_belongs(
    comparison: Path, command: Command, tmp_path: Path, name: str, expected: str
) -> None:
    code, _, err = command("report", comparison, "--out", tmp_path / name)
    assert code == 2
    assert expected in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["comparison", "run", "sweep", "decomposition", "selection", "sensitivity", "study"])
def test_a_handout_asks_before_it_tells(folders: dict[str, Path], place: Path, kind: str) -> None:
    told = write_report(folders[kind], place / "handout.html", handout=True).read_text("utf-8")
    root = ElementTree.fromstring(told)
    first, second = (words(sheet) for sheet in root.iter("section"))
    answers = next(one for one in page(folders[kind], place).iter("div") if one.get("class") == "answer")
    answer = words(answers[0])
    assert answer in second
    assert answer not in first
    assert "before I turn the page" in first
    assert all(source.startswith("data:image/") for source, _ in pictures(root))
    assert "<script" not in told.replace("&lt;script", "")


def test_the_handout_of_an_experiment_can_be_read(folders: dict[str, Path], place: Path) -> None:
    """The question leads, without numbers of claims; the figure is made for paper and does not say the answer again."""
    told = write_report(folders["study"], place / "handout.html", handout=True).read_text("utf-8")
    root = ElementTree.fromstring(told)
    question = json.loads((folders["study"] / "manifest.json").read_text("utf-8"))["question"]
    assert [words(head) for head in root.iter("h1")] == [question]
    assert "Claims" not in told
    ((kind, content),) = pictures(root)
    assert kind == "data:image/svg+xml"
    drawing = ElementTree.fromstring(content)
    texts = {words(one): one.attrib["style"] for one in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert "power alone: retention" in texts
    assert max(map(len, texts)) < 80
    sizes = [float(size) for style in texts.values() for size in re.findall(r"([\d.]+)px", style)]
    assert min(sizes) >= paper.HANDOUT.smallest  # units of the drawing are points of a page 180 mm wide
    assert float(drawing.attrib["width"].removesuffix("pt")) <= paper.HANDOUT.width * 72 + 1


def test_a_manifest_with_own_rules_has_a_scenario_all_the_same() -> None:
    scenario = load_scenario("classroom")
    note = {"scenario": {**scenario.model_dump(), "own_rules": "0" * 64}}
    assert scenario_of(note) == scenario
    with pytest.raises(InputError, match=r"does not understand \(other"):
        scenario_of({"scenario": {**note["scenario"], "other": 1}})
