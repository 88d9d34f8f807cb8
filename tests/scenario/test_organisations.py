"""Organisations and charts that come with the program: commented, documented, and able to live under a usual chart."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simsvc.organization import ServiceOrganization
from simsvc.scenario.explaining import plain
from simsvc.scenario.loading import differences, load_scenario, load_structure, name_of, presets, structures
from simsvc.scenario.selection import select_levers
from simsvc.scenario.settings import Scenario, setting_names
from simsvc.scenario.structure import COMPONENTS, FACTORS, Structure
from simsvc.studies.scripts import load_script

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "organisations.md").read_text(encoding="utf-8")
ASKED_FOR = (
    "contact_centre classroom airline_cabin phone_shops department_store online_retailer hospital_ward fast_food "
    "private_bank"
).split()


def assignments(preset: str) -> dict[str, tuple[str, str]]:
    """Value and comment of every line of a preset that sets something, by full name."""
    text = (resources.files("simsvc.scenario") / "presets" / f"{preset}.toml").read_text(encoding="utf-8")
    section, found = "", {}
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading.group(1)
        elif setting := re.fullmatch(r"(\w+) = (.+?)(?:  # (.+))?", line):
            found[f"{section}.{setting.group(1)}"] = (setting.group(2), setting.group(3) or "")
        else:
            assert not line or line.startswith("#"), line
    return found


# -- presets ----------------------------------------------------------------------------------


def test_all_trades_are_there() -> None:
    assert set(ASKED_FOR) <= set(presets())


@pytest.mark.parametrize("preset", presets())
def test_every_number_of_a_preset_says_where_it_comes_from(preset: str) -> None:
    found = assignments(preset)
    changed = {name for name in differences(load_scenario(preset), Scenario()) if not name.startswith("structure.")}
    assert changed <= found.keys()
    for name, (_, comment) in found.items():
        assert len(comment) >= 5 or name == "structure.base", f"{name} has no comment"


@pytest.mark.parametrize("preset", presets())
def test_every_preset_has_its_section_in_the_document(preset: str) -> None:
    assert f"## `{preset}`\n" in DOCUMENT


def test_the_table_of_the_document_is_that_of_the_files() -> None:
    described = DOCUMENT.partition("## ")[0].splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in described if "|" in line]
    columns = [next(name for name in setting_names() if name.endswith(f".{column}")) for column in rows[0][1:]]
    assert {row[0] for row in rows[2:]} == set(presets())
    for preset, *cells in rows[2:]:
        scenario = load_scenario(preset).model_dump()
        for column, cell in zip(columns, cells, strict=True):
            section, key = column.split(".")
            assert cell == plain(scenario[section][key]), f"{preset}: {column}"


def test_the_document_tells_what_was_found_last() -> None:
    """`python experiments/organisations.py` writes it."""
    script, results = load_script(ROOT / "experiments" / "organisations.py"), ROOT / "results" / "organisations"
    findings = (results / "finding.txt").read_text("utf-8").strip()
    assert script.documented(DOCUMENT, findings, pd.read_csv(results / "presets.csv")) == DOCUMENT
    assert all(f"`{chart}`" in DOCUMENT for chart in script.FLIPS)


def test_the_online_retailer_has_turned_power_and_left_pay_as_it_is() -> None:
    own = load_scenario("online_retailer")
    assert name_of(own.structure) == "inverted"
    assert own.structure.pay == Structure().pay
    assert own.economics.market_wage == own.economics.frontline_wage


@pytest.mark.parametrize("preset", presets())
def test_every_preset_is_of_a_size_that_runs_quickly(preset: str) -> None:
    scenario = load_scenario(preset)
    assert scenario.market.customers <= 12_000
    assert scenario.market.customers * scenario.demand.contacts_per_year / 250 <= 500


@pytest.mark.parametrize("preset", presets())
def test_every_organisation_lives_under_a_usual_chart(preset: str) -> None:
    """Over two years: customers come and go, people have work, waits are borne, and money about suffices.

    One run with a fixed seed; the margins are far wider than the differences between runs.
    """
    model = ServiceOrganization(load_scenario(preset), "traditional", rng=1)
    model.advance(500)
    days: Any = model.state.days[:500]
    second = days[250:]
    market = model.settings.market
    assert 0.8 < second["customers"].mean() / market.customers < 1.25, "customers neither vanish nor multiply"
    assert second["customers"].max() < 0.7 * market.population, "the market is not full"
    assert 0.6 < second["busy"].sum() / second["available"].sum() < 0.92, "staff have work, and time"
    assert second["abandoned"].sum() / second["contacts"].sum() < 0.2, "most are served"
    assert second["cases_open"].max() < 5 * second["cases_in"].mean(), "nothing piles up"
    spent = sum(second[name] for name in _costs()).sum()
    assert spent < 1.1 * second["revenue"].sum(), "the firm about earns its costs"
    assert np.isfinite(second["satisfaction"]).all()


def _costs() -> list[str]:
    from simsvc.model.rows import MONEY

    return [name for name in MONEY if name != "revenue"]


# -- structures -------------------------------------------------------------------------------


def different(one: str, other: str) -> set[str]:
    """Levers in which two structures differ."""
    levers = load_structure(other).model_dump()
    return {lever for lever, value in load_structure(one).model_dump().items() if value != levers[lever]}


FLIPPED = different("inverted", "traditional")


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_single_component_flip_flips_that_component_and_nothing_else(component: str) -> None:
    levers = set(Structure().component(component))
    assert different(f"only_{component}", "traditional") == FLIPPED & levers != set()
    assert different(f"only_{component}", "inverted") == FLIPPED - levers


def test_the_single_component_flips_together_are_the_whole_one() -> None:
    parts = [different(f"only_{component}", "traditional") for component in COMPONENTS]
    assert set().union(*parts) == FLIPPED
    assert sum(map(len, parts)) == len(FLIPPED)


def test_customer_decisions_leave_direction_and_management_alone() -> None:
    levers = set(select_levers(domains=["remedies", "solutions"]))
    assert different("customer_decisions", "traditional") == FLIPPED & levers != set()


def test_a_well_run_hierarchy_leads_as_the_inverted_chart_does_and_gives_no_power_away() -> None:
    power, management = (FLIPPED & set(select_levers(factors=[factor])) for factor in FACTORS)
    assert different("well_run_hierarchy", "traditional") == management != set()
    assert different("well_run_hierarchy", "inverted") == power != set()
    assert different("power_only", "traditional") == power
    assert different("power_only", "only_authority") == {"escalation"}


def test_a_listening_hierarchy_decides_as_ever() -> None:
    levers = {*Structure().component("voice"), *Structure().component("attention")}
    assert different("listening_without_authority", "traditional") == FLIPPED & levers != set()


def test_empowerment_without_support_gives_authority_and_less_of_the_rest_than_usual() -> None:
    own, usual = load_structure("empowered_without_support"), load_structure("traditional")
    assert own.component("authority") == load_structure("inverted").component("authority")
    less = {"share_coaching", "share_floor", "share_causes", "reports_answered", "information_share", "training_days"}
    assert all(getattr(own, lever) < getattr(usual, lever) for lever in less)
    assert own.share_control > usual.share_control
    authority = FLIPPED & set(Structure().component("authority"))
    assert different("empowered_without_support", "traditional") == less | authority | {"share_control"}


def test_unclear_empowerment_is_the_inverted_chart_without_its_clarity() -> None:
    assert different("empowered_unclear", "inverted") == {"clarity"}
    assert load_structure("empowered_unclear").clarity < load_structure("traditional").clarity


@pytest.mark.parametrize("structure", [name for name in structures() if name != "flat"])
def test_managers_spend_the_same_share_of_their_time_under_every_chart(structure: str) -> None:
    """Of what approvals leave of it; the flat organisation has no managers' work at all."""
    mine, usual = (
        sum(value for lever, value in load_structure(name).model_dump().items() if lever.startswith("share_"))
        for name in (structure, "traditional")
    )
    assert mine == pytest.approx(usual)


def test_in_a_flat_organisation_nothing_is_passed_up_and_managers_serve() -> None:
    model = ServiceOrganization(load_scenario("classroom"), "flat", rng=1)
    model.advance(60)
    days = model.state.days[:60]
    assert days["asked"].sum() == days["approvals"].sum() == 0
    assert days["control"].sum() == days["coaching"].sum() == days["removing"].sum() == 0
    assert days["floor"].sum() > 0
