"""The documents say what the program does: every block of Python in them runs, and every file in them is valid."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.structure import Structure
from simsvc.sweeps.files import load_design

ROOT = Path(__file__).parents[2]
ORGANISATIONS = ("contact_centre", "fast_food", "private_bank")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
CLAIMS = sorted((ROOT / "docs" / "claims").glob("*.md"))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.name)
def test_python_in_the_documents_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    names: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), names)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "toml")], ids=lambda p: p.name)
def test_files_in_the_documents_are_valid(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(page, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        keys = tomllib.loads(block).keys()
        load = load_structure if keys & Structure.model_fields.keys() else load_scenario
        (load_design if "vary" in keys else load)(file)


@pytest.mark.parametrize("page", PAGES + CLAIMS, ids=lambda p: p.name)
def test_links_and_paths_in_the_documents_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    targets += re.findall(r"`((?:simsvc|experiments|docs|results|benchmarks)/[\w./]+)`", text)
    for target in targets:
        assert (page.parent / target).exists() or (ROOT / target).exists(), target


FINDINGS = {path.parent.name: " ".join(path.read_text("utf-8").split()) for path in ROOT.glob("results/*/finding.txt")}
QUOTED = {
    "README.md": {"flip", "organisations", "components", "robust", "validation"},
    "assumptions.md": {"assumption_ends"},
    "calibration.md": {"bank_calls"},
    "model_card.md": {"coverage"},
    "organisations.md": {"organisations"},
    "robustness.md": {"robust", "worlds_coverage"},
    "validation.md": {"validation", "validation_worlds"},
}
"""Which studies a page quotes."""


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_what_is_quoted_is_what_was_found(page: Path) -> None:
    quotes = re.findall(r"(?:^ *> ?.*\n)+", page.read_text(encoding="utf-8"), re.MULTILINE)
    texts = [" ".join(re.sub(r"^ *> ?", "", quote, flags=re.MULTILINE).split()) for quote in quotes]
    from_where = [{study for study, finding in FINDINGS.items() if text in finding} for text in texts]
    assert [text for text, studies in zip(texts, from_where, strict=True) if not studies] == []
    assert set().union(*from_where) == QUOTED.get(page.name, set())


@pytest.mark.parametrize("study", ["flip", "organisations", "components"])
def test_the_readme_quotes_the_whole_finding(study: str) -> None:
    assert FINDINGS[study] in told("README.md").replace("> ", "")


def told(page: str) -> str:
    return " ".join((ROOT / page).read_text(encoding="utf-8").split())


def test_shares_of_worlds_are_those_of_the_tables() -> None:
    """What README and the page on robustness say in their own words of effects.csv and regret.csv."""
    effects = pd.read_csv(ROOT / "results" / "robust" / "effects.csv").set_index(["organisation", "effect", "metric"])
    regret = pd.read_csv(ROOT / "results" / "robust" / "regret.csv").set_index(["organisation", "metric", "structure"])
    here, there = told("README.md"), told("docs/robustness.md")

    def below(organisation: str, effect: str, metric: str = "profit") -> float:
        return 100 * float(effects.loc[(organisation, effect, metric), "share_below_zero"])

    def best(structure: str, metric: str = "profit") -> list[float]:
        return [100 * float(regret.loc[(name, metric, structure), "best"]) for name in ORGANISATIONS]

    metrics = ("retention", "loyalty", "profit")
    managed, power = (
        [below("contact_centre", effect, metric) for metric in metrics]
        for effect in ("management_old_power", "power_old_management")
    )
    assert managed[0] == 0
    assert (
        f"management alone lowers retention in none of them, loyalty in {managed[1]:.0f} % and profit in "
        f"{managed[2]:.0f} %; power alone does so in {power[0]:.0f}, {power[1]:.0f} and {power[2]:.0f} %"
    ) in here
    led, turned, kept = best("management alone"), best("inverted"), best("inverted", "retention")
    assert f"the old decisions brings the most profit in {led[0]:.0f} % of the worlds" in here
    assert f"the flip loses money in {below('fast_food', 'inverted'):.0f} % of the worlds" in here
    assert (
        f"in {led[0]:.0f} % of the worlds of the contact centre, {led[1]:.0f} % of fast food and {led[2]:.0f} % of the "
        f"private bank; `inverted` in {turned[0]:.0f}, {turned[1]:.0f} and {turned[2]:.0f} %. For retention `inverted` "
        f"is best in {kept[0]:.0f}, {kept[1]:.0f} and {kept[2]:.0f} %"
    ) in there


def test_levels_held_in_made_up_companies_are_those_of_the_table() -> None:
    table = pd.read_csv(ROOT / "results" / "worlds_coverage" / "coverage.csv").set_index(["kind", "quantity"])
    said = {
        place: " ".join(f"{100 * float(table.loc[place, column]):.0f}" for column in ("covered", "low", "high"))
        for place in [("level as matched", "turnover"), ("level", "turnover"), ("level", "occupancy")]
    }
    parts = [f"{share} % [{low}, {high}]" for share, low, high in (text.split() for text in said.values())]
    page = told("docs/robustness.md")
    assert (
        f"hold the company's staff turnover in {parts[0]} of the companies, in runs with other luck in {parts[1]},"
        in page
    )
    assert f"is held less often than that with other luck ({parts[2]});" in page
