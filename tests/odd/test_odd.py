"""The ODD document is what the program is: complete, made from its declarations, and up to date."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from simsvc.cli.app import app
from simsvc.model.rows import DAY
from simsvc.odd import tables
from simsvc.odd.document import ELEMENTS, TEXTS, document
from simsvc.odd.sources import TABLES, codes, kind_of, purposes, writers
from simsvc.runs.metrics import METRICS, _probes
from simsvc.scenario.settings import setting_field, setting_names

ROOT = Path(__file__).parents[2]
FRAGMENTS = "\n".join(file.read_text("utf-8") for file in TEXTS.glob("*.md"))


def test_the_page_is_what_the_command_writes(tmp_path: Path) -> None:
    new = tmp_path / "odd.md"
    assert CliRunner().invoke(app, ["odd", "--out", str(new)]).exit_code == 0
    assert new.read_text("utf-8") == (ROOT / "docs" / "odd.md").read_text("utf-8"), (
        "run simsvc odd --out docs/odd.md --force"
    )


def test_one_element_is_a_part_of_the_page_and_json_has_all_tables() -> None:
    assert all(document(name).strip() in document() for name in ELEMENTS)
    printed = json.loads(CliRunner().invoke(app, ["odd", "--element", "input", "--json"]).stdout)
    assert [element["name"] for element in printed["elements"]] == ["input"]
    assert printed["tables"] == tables.every_table()


def test_an_element_that_does_not_exist_and_a_file_that_does_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    for words in (["--element", "concept"], ["--out", str(tmp_path / "mine.md")]):
        result = CliRunner().invoke(app, ["odd", *words])
        assert "InputError" in repr(result.exception)
    assert (tmp_path / "mine.md").read_text() == "mine"


def test_every_table_and_every_fragment_is_in_the_document() -> None:
    asked = set(re.findall(r"^\{\{(.+)\}\}$", FRAGMENTS, re.MULTILINE))
    assert set(tables.every_table()) <= asked
    fragments = {f"text {file.stem}" for file in TEXTS.glob("*.md")}
    assert fragments - asked == {f"text {name}" for name in ("begin", *ELEMENTS, "references")}
    assert "{{" not in document()


@pytest.mark.parametrize("name", METRICS)
def test_a_metrics_formula_gives_what_the_metric_gives(name: str) -> None:
    for days in _probes():
        others = {other: METRICS[other].of(days) for other in ("retention", "profit")}
        names = {"sum": np.sum, "mean": np.mean, **{column: days[column] for column in DAY.names}, **others}
        with np.errstate(all="ignore"):
            value = eval(METRICS[name].formula, {"__builtins__": {}}, names)
        assert value == pytest.approx(METRICS[name].of(days), rel=1e-9, nan_ok=True)


def test_every_column_of_a_day_is_explained_once() -> None:
    text = (TEXTS / "columns.md").read_text("utf-8")
    named = [name for line in text.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])]
    assert sorted(named) == sorted(DAY.names or ())


def test_every_state_has_a_meaning_and_somebody_who_writes_it() -> None:
    for table in tables.TABLES:
        for row in tables.states(table):
            assert row["meaning"], (table, row)
            assert writers().get((kind_of(table).__name__, row["state"].strip("`"))), (table, row)


def test_static_states_are_those_that_nothing_but_drawing_writes() -> None:
    static = {row["state"].strip("`") for row in tables.states("customers") if row["changed by"] == "static"}
    assert {"idiosyncrasy", "patience", "contact_rate", "spend_level", "switching_cost"} <= static
    assert not static & {"satisfaction", "loyalty", "exposure", "since", "leave_rate", "spend"}
    assert "live_through" in next(row for row in tables.states("staff") if row["state"] == "`morale`")["changed by"]


def test_every_source_and_every_key_has_its_entry_in_the_bibliography() -> None:
    keys = re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "references.bib").read_text("utf-8"), re.MULTILINE)
    pages = " ".join(
        (ROOT / "docs" / f"{page}.md").read_text("utf-8") for page in ("odd", "trace", "stress_abs", "model_card")
    )
    assert set(re.findall(r"\[([A-Z][A-Za-z]+\d{4})\]", pages)) <= set(keys)
    sources = "\n".join(setting_field(name).json_schema_extra["source"] for name in setting_names())
    sources = unicodedata.normalize("NFKD", sources).encode("ascii", "ignore").decode()
    cited = re.findall(r"([A-Z][\w-]+)((?:, [A-Z][\w-]+)*(?: et al\.| & [\w ]+)?) (\d{4})", sources)
    lacking = {
        (first, year)
        for first, _, year in cited
        if not any(first.replace("-", "") in key and year in key for key in keys)
    }
    assert len(cited) > 50
    assert not lacking


def test_what_cites_the_program_says_what_the_package_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    meta = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
    for ours, theirs in (
        ("dependencies", "softwareRequirements"),
        *((name, name) for name in ("name", "version", "description", "keywords")),
    ):
        assert meta[theirs] == project[ours]
    cff = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {project['version']}\n" in cff
    assert ("date-released" in cff) == ("datePublished" in meta)  # with the release
    assert all(f"  - {keyword}\n" in cff for keyword in project["keywords"])


def test_every_purpose_of_a_draw_is_in_the_table_of_draws() -> None:
    table = FRAGMENTS.split("#### Draws")[1].split("###")[0]
    named = {name for line in table.splitlines() if line.startswith("| `") for name in re.findall(r"[A-Z_]{3,}", line)}
    assert set(purposes()) <= named


def test_stages_of_a_contact_in_the_diagram_are_those_of_the_model() -> None:
    diagram = FRAGMENTS.split("stateDiagram-v2")[1].split("```")[0]
    assert set(re.findall(r"\b[A-Z_]{4,}\b", diagram)) == set(codes()["stages of a case"])


def test_every_function_that_a_table_of_states_names_is_said_to_be_described_somewhere() -> None:
    all_tables = tables.every_table()
    told = {name for row in all_tables["functions"] for name in re.findall(r"`(\w+)`", row["functions"])}
    headings = re.findall(r"^#+ (.+)$", document(), re.MULTILINE)
    named = set()
    for table in TABLES:
        for row in all_tables[f"states {table}"]:
            named |= set(re.findall(r"`(\w+)`", row["first value"] + row["changed by"]))
    assert named <= told
    for phase in {name for row in all_tables["functions"] for name in re.findall(r"`(\w+)`", row["described in"])}:
        assert f"Phase {phase}" in headings


def test_what_counts_up_is_not_static() -> None:
    changed = {
        (table, row["state"]): row["changed by"] for table in TABLES for row in tables.every_table()[f"states {table}"]
    }
    assert changed["customers", "`spell`"] == "`begin_spell`"
    assert changed["organisation", "`losses_noted`"] == "`note_loss`"
    assert changed["customers", "`patience`"] == "static"
