"""Scenarios: every setting explains itself, files are read strictly, and written so that they can be read."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pydantic
import pytest
from conftest import scenarios
from hypothesis import given

from simsvc.errors import InputError, nearest
from simsvc.scenario.loading import (
    about,
    changed,
    differences,
    load_scenario,
    load_structure,
    name_of,
    parse_override,
    presets,
    structures,
    with_structure,
)
from simsvc.scenario.selection import select_levers
from simsvc.scenario.settings import Scenario, sections, setting_names
from simsvc.scenario.structure import COMPONENTS, DOMAINS, FACTORS, Structure
from simsvc.scenario.timeline import Change
from simsvc.scenario.writing import change_words, scenario_toml, structure_toml, toml_value

SETTINGS = [(section, name) for section, model in sections().items() for name in model.model_fields]
NUMBERS = [
    (section, name) for section, name in SETTINGS if "low" in sections()[section].model_fields[name].json_schema_extra
]


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path | str, *words: str) -> None:
    """Loading fails with a message of one line that has these words."""
    with pytest.raises(InputError) as wrong:
        load_scenario(path)
    message = str(wrong.value)
    assert "\n" not in message
    for word in words:
        assert word in message


# -- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_every_setting_says_what_it_means_and_where_it_comes_from(section: str, name: str) -> None:
    model = sections()[section]
    field = model.model_fields[name]
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    assert field.description
    assert field.description.endswith((".", ")")) or "[1.0]" in field.description
    assert extra["source"]
    if field.annotation in (int, float):
        assert extra["unit"] or (section, name) == ("run", "seed")
        assert extra["low"] <= field.default <= extra["high"]
        assert math.isfinite(float(extra["low"]))
        assert math.isfinite(float(extra["high"]))


@pytest.mark.parametrize(("section", "name"), NUMBERS)
def test_every_number_is_held_to_its_range(section: str, name: str) -> None:
    extra = sections()[section].model_fields[name].json_schema_extra
    for beyond in (extra["low"] - 1, extra["high"] + max(1, abs(extra["high"]))):
        with pytest.raises(InputError, match=f"{section}.{name}"):
            changed(Scenario(), {f"{section}.{name}": beyond})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "much", True, None, [1]])
def test_no_number_is_nan_infinite_or_of_another_kind(value: Any) -> None:
    with pytest.raises(InputError, match=r"demand\.remedy"):
        changed(Scenario(), {"demand.remedy": value})


def test_names_are_unique_between_sections() -> None:
    """Rules read settings by name alone; rule strengths have a prefix there, levers rows of their own."""
    plain = [
        name
        for section, name in SETTINGS
        if not section.startswith("assumptions")
        if section not in ("rules", "structure")
    ]
    assert [name for name, times in Counter(plain).items() if times > 1] == []
    assert not [name for name in plain if name.startswith("rule_")]


def test_every_lever_belongs_to_a_component_and_every_rule_to_a_stage() -> None:
    assert {Structure.component_of(lever) for lever in Structure.model_fields} == set(COMPONENTS)
    stages = {field.json_schema_extra["group"] for field in sections()["rules"].model_fields.values()}  # type: ignore
    assert stages == {"customers", "queueing", "decisions", "behaviour"}


def test_scenarios_cannot_be_changed_in_place() -> None:
    scenario = Scenario()
    with pytest.raises(pydantic.ValidationError):
        scenario.workforce.frontline = 3  # type: ignore[misc]
    with pytest.raises(pydantic.ValidationError):
        scenario.market = scenario.market  # type: ignore[misc]
    with pytest.raises(pydantic.ValidationError):
        scenario.structure.latitude = 0.5  # type: ignore[misc]


def test_a_change_leaves_the_original_as_it_was() -> None:
    before = Scenario()
    after = changed(before, {"workforce.frontline": 30, "market.network": "random"})
    assert (before.workforce.frontline, after.workforce.frontline) == (Scenario().workforce.frontline, 30)
    assert differences(after, before) == {
        "market.network": ("random", before.market.network),
        "workforce.frontline": (30, before.workforce.frontline),
    }


@pytest.mark.parametrize(
    "values",
    [
        {"market.customers": 20, "market.population": 10},
        {"workforce.departments": 5, "workforce.frontline": 4},
        {"structure.share_control": 0.9},
        {"demand.profile": [0.0, 0.0]},
        {"demand.profile": [1.0, -1.0]},
        {"demand.profile": []},
        {"workforce.shift_profile": [0.0, 0.0]},
        {"workforce.shift_profile": [0.5, 1.5]},
        {"operations.service_profile": [1.0, 0.0]},
    ],
)
def test_settings_must_agree_with_each_other(values: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(values)).split("_control")[0]):
        changed(Scenario(), values)


# -- presets and structures -------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_presets_load_and_say_what_they_are(name: str) -> None:
    assert load_scenario(name).workforce.frontline >= 1
    assert len(about("scenario", name)) > 20


def test_the_contact_centre_is_the_default() -> None:
    assert load_scenario() == load_scenario("contact_centre") == Scenario()


@pytest.mark.parametrize("name", structures())
def test_structures_load_and_say_what_they_are(name: str) -> None:
    assert name_of(load_structure(name)) == name
    assert len(about("structure", name)) > 20


def test_the_traditional_structure_is_the_default_and_the_inverted_one_another() -> None:
    assert load_structure("traditional") == Structure()
    assert load_structure("inverted") != Structure()


def test_a_structure_of_ones_own_has_no_name() -> None:
    assert name_of(Structure(latitude=0.123)) == "own"


def test_structures_change_nothing_but_levers() -> None:
    scenario = with_structure(load_scenario("classroom"), "inverted")
    assert {name.split(".")[0] for name in differences(scenario, load_scenario("classroom"))} == {"structure"}


def test_typos_give_the_nearest_name() -> None:
    assert nearest("frontlin", setting_names()) == "; did you mean 'workforce.frontline'?"
    assert nearest("workforce.frontlin", setting_names()) == "; did you mean 'workforce.frontline'?"
    assert nearest("workfrce.frontline", setting_names()) == "; did you mean 'workforce.frontline'?"
    assert nearest("zzzz", setting_names()) == ""
    with pytest.raises(InputError, match="did you mean 'classroom'"):
        load_scenario("clasroom")
    with pytest.raises(InputError, match="did you mean 'inverted'"):
        load_structure("invertd")
    with pytest.raises(InputError, match=r"did you mean 'workforce\.frontline'"):
        changed(Scenario(), {"workforce.frontlin": 3})


# -- files ------------------------------------------------------------------------------------


def test_a_file_names_only_what_differs(tmp_path: Path) -> None:
    path = written(tmp_path, 'base = "classroom"\n[workforce]\nfrontline = 9\n')
    assert set(differences(load_scenario(path), load_scenario("classroom"))) == {"workforce.frontline"}
    path = written(tmp_path, "workforce.frontline = 9\n")
    assert set(differences(load_scenario(path), Scenario())) == {"workforce.frontline"}


def test_files_name_each_other_as_seen_from_where_they_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "below").mkdir()
    written(tmp_path / "below", 'base = "inverted"\nlatitude = 0.5\n', "chart.toml")
    written(tmp_path / "below", "[workforce]\nfrontline = 9\n", "start.toml")
    written(
        tmp_path / "below",
        'base = "start.toml"\n[structure]\nbase = "chart.toml"\nclarity = 0.9\n'
        '[[timeline]]\nday = 9\nstructure = "chart.toml"\n',
    )
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario("below/mine.toml")
    assert scenario.workforce.frontline == 9
    assert (scenario.structure.latitude, scenario.structure.clarity) == (0.5, 0.9)
    assert load_structure(scenario.timeline[0].structure).latitude == 0.5


def test_overrides_come_last(tmp_path: Path) -> None:
    path = written(tmp_path, "[workforce]\nfrontline = 9\n")
    assert load_scenario(path, {"workforce.frontline": 11}).workforce.frontline == 11


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("workforce.frontline=30", 30),
        ("demand.remedy = 7.5", 7.5),
        ("market.network=random", "random"),
        ('market.network="random"', "random"),
        ("operations.continuous=true", True),
        ("demand.profile=[1, 2]", [1, 2]),
    ],
)
def test_overrides_are_written_as_in_a_file_and_words_need_no_quotes(text: str, value: Any) -> None:
    assert parse_override(text) == (text.split("=")[0].strip(), value)
    changed(Scenario(), dict([parse_override(text)]))


@pytest.mark.parametrize("text", ["", "workforce.frontline", "=3", "workforce.frontline="])
def test_overrides_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"section\.name=value"):
        parse_override(text)


WRONG_FILES = {
    "typo": ("[workforce]\n\nfrontlin = 3\n", ("line 3", "workforce.frontlin", "did you mean 'workforce.frontline'")),
    "section": ("[workfrce]\nfrontline = 3\n", ("line 1", "'workfrce'", "did you mean 'workforce'")),
    "not a section": ("market = 5\n", ("line 1", "market = 5", "[market]")),
    "zero staff": ("[workforce]\nfrontline = 0\n", ("line 2", "workforce.frontline = 0", "1 to 100000 people")),
    "negative": ("[market]\npopulation = -1\n", ("line 2", "market.population = -1", "0 to 50000000 people")),
    "dotted": ("market.population = -1\n", ("line 1", "market.population = -1")),
    "not whole": ("[run]\ndays = 2.5\n", ("line 2", "run.days = 2.5", "whole number")),
    "text": ('[demand]\nremedy = "much"\n', ("line 2", "demand.remedy = 'much'", "number")),
    "truth": ("[operations]\ncontinuous = 1\n", ("line 2", "operations.continuous = 1", "true or false")),
    "nan": ("[demand]\nremedy = nan\n", ("line 2", "demand.remedy = nan", "finite")),
    "infinite": ("[demand]\nremedy = inf\n", ("line 2", "demand.remedy = inf", "finite")),
    "name": ('[market]\nnetwork = "smallworld"\n', ("line 2", "'smallworld'", "did you mean 'small_world'")),
    "in a list": ('[demand]\nprofile = [1, "a"]\n', ("line 2", "demand.profile = 'a'", "number")),
    "shares": ("[structure]\nshare_causes = 0.9\n", ("line 2", "add up to")),
    "not TOML": ("[market]\npopulation = \n", ("line 2", "not valid TOML")),
    "base": ('base = "clasroom"\n', ("did you mean 'classroom'",)),
    "base that is no file": ('base = "gone/x.toml"\n', ("line 1: base: ", "x.toml: there is no such file")),
    "base of itself": ('base = "mine.toml"\n', ("starts from itself",)),
    "base that is no name": ("base = 3\n", ("base = 3",)),
    "base of the structure": ('[structure]\nbase = "invrted"\n', ("did you mean 'inverted'",)),
    "timeline that is no list": ("[timeline]\nday = 3\n", ("line 1", "[[timeline]]")),
    "timeline over a base": ('base = "classroom"\n[timeline]\nday = 3\n', ("line 2", "[[timeline]]")),
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_wrong_file_is_refused_with_place_value_and_what_is_allowed(case: str, tmp_path: Path) -> None:
    text, words = WRONG_FILES[case]
    refused(written(tmp_path, text), "mine.toml", *words)


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "missing.toml", "missing.toml", "no such file")
    written(tmp_path, "", "centre.toml")
    refused(tmp_path / "center.toml", "no such file", "did you mean 'centre.toml'")
    refused(tmp_path, "cannot be read")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    refused(tmp_path / "binary.toml", "UTF-8")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf[workforce]\nfrontline = 9\n")
    assert load_scenario(path).workforce.frontline == 9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("latitud = 0.5\n", ("line 1", "did you mean 'latitude'")),
        ('base = "traditional"\nlatitude = 7\n', ("line 2", "latitude = 7", "0 to 1")),
        ('base = "traditional"\nshare_causes = 0.9\n', ("line 2", "add up to")),
        ("[structure]\nlatitude = 0.5\n", ("'structure'",)),
        ('base = "tradtional"\n', ("line 1", "base: there is no structure", "did you mean 'traditional'")),
        ('base = "traditional"\ntake = "inv/rted"\n', ("line 2: take: ", "rted: there is no such file")),
        ('latitude = 0.5\nbase = "mine.toml"\n', ("line 2", "base = 'mine.toml'", "starts from itself")),
        ('levers = ["kpi"]\ntake = "mine.toml"\n', ("line 2", "take = 'mine.toml'", "starts from itself")),
        ('\ntake = "invertd"\nlevers = ["kpi"]\n', ("line 2", "take: there is no", "did you mean 'inverted'")),
        ("take = 3\n", ("line 1", "take = 3", "name of a structure")),
        ('take = "inverted"\n', ("line 1", "which levers", "base = 'inverted'")),
        ('take = "inverted"\nlever = ["kpi"]\n', ("line 2", "'lever'", "did you mean 'levers'")),
        ('domains = ["people"]\n', ("line 1", "'domains' needs a 'take'")),
        ('take = "inverted"\ndomains = []\n', ("line 2", "domains = []", "selects nothing")),
        ('take = "inverted"\ndomains = "people"\n', ("line 2", "list of names")),
        ('take = "inverted"\ndomains = [3]\n', ("line 2", "list of names")),
        ('take = "inverted"\ndomains = ["peopl"]\n', ("line 2", "no domain 'peopl'", "did you mean 'people'")),
        ('take = "inverted"\nfactors = ["powr"]\n', ("line 2", "no factor 'powr'", "did you mean 'power'")),
        ('take = "inverted"\ncomponents = ["voic"]\n', ("line 2", "did you mean 'voice'")),
        ('take = "inverted"\nlevers = ["kpii"]\n', ("line 2", "did you mean 'kpi'")),
        ('take = "inverted"\nlevers = ["share_causes"]\n', ("add up to 1.1",)),
    ],
)
def test_a_wrong_structure_is_refused(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(InputError) as wrong:
        load_structure(written(tmp_path, text))
    for word in ("mine.toml", *words):
        assert word in str(wrong.value)


# -- parts of a structure ---------------------------------------------------------------------


def test_every_lever_is_in_exactly_one_decision_domain() -> None:
    levers = [lever for domain in DOMAINS for lever in select_levers(domains=[domain])]
    assert sorted(levers) == sorted(Structure.model_fields)
    assert {Structure.domain_of(lever) for lever in Structure.model_fields} == set(DOMAINS)


def test_every_lever_is_either_power_or_management() -> None:
    power, management = (set(select_levers(factors=[factor])) for factor in FACTORS)
    assert power | management == set(Structure.model_fields)
    assert not power & management
    assert power == set(Structure().component("authority")) - {"escalation"}


def test_what_is_written_in_a_contract_is_formal_and_the_rest_are_practices() -> None:
    formal = {lever for lever in Structure.model_fields if Structure.is_formal(lever)}
    assert formal == {"frontline_limit", "manager_limit", "director_limit", "escalation", "pay", "upkeep"}


def test_a_selection_is_all_that_is_named_in_any_way() -> None:
    assert select_levers() == tuple(Structure.model_fields)
    assert set(select_levers(components=["voice"])) == set(Structure().component("voice"))
    assert select_levers(domains=["solutions"], levers=["kpi", "latitude"]) == ("latitude", "kpi", "permeability")
    assert set(select_levers(components=COMPONENTS)) == set(select_levers(domains=DOMAINS))
    assert select_levers(factors=["power"], domains=["solutions"])[-1] == "permeability"


def different(one: str | Path, other: str) -> set[str]:
    """Levers in which two structures differ."""
    levers = load_structure(other).model_dump()
    return {lever for lever, value in load_structure(one).model_dump().items() if value != levers[lever]}


def test_a_structure_takes_over_what_it_names_and_its_own_levers_come_last(tmp_path: Path) -> None:
    text = 'take = "inverted"\ndomains = ["solutions"]\nlevers = ["kpi"]\nlatitude = 0.33\nbase = "traditional"\n'
    path = written(tmp_path, text)
    assert different(path, "traditional") == {"latitude", "permeability", "kpi"}
    assert load_structure(path).latitude == 0.33
    assert load_structure(path).permeability == load_structure("inverted").permeability


def test_a_scenarios_structure_may_be_put_together_too(tmp_path: Path) -> None:
    path = written(tmp_path, 'base = "classroom"\n[structure]\ntake = "inverted"\ncomponents = ["voice"]\nkpi = 0.9\n')
    taken = {f"structure.{lever}" for lever in load_structure("inverted").component("voice")}
    assert set(differences(load_scenario(path), load_scenario("classroom"))) == taken | {"structure.kpi"}
    refused(
        written(tmp_path, '[market]\nties = 3\n[structure]\ntake = "invertd"\nlevers = ["kpi"]\n'), "line 4", "take"
    )
    refused(written(tmp_path, '[structure]\nlevers = ["kpi"]\n'), "line 2", "needs a 'take'")


def test_a_scenario_keeps_the_structure_of_the_one_it_starts_from(tmp_path: Path) -> None:
    path = written(tmp_path, 'base = "online_retailer"\n[structure]\nclarity = 0.9\n')
    assert name_of(load_scenario("online_retailer").structure) == "inverted"
    assert set(differences(load_scenario(path), load_scenario("online_retailer"))) == {"structure.clarity"}


# -- timeline ---------------------------------------------------------------------------------

WRONG_CHANGES = {
    "nothing": ("day = 3", ("changes nothing",)),
    "negative day": ('day = -3\nstructure = "inverted"', ("line 2", "day = -3")),
    "typo": ('structur = "inverted"', ("line 2", "did you mean 'structure'")),
    "structure": ('structure = "invertd"', ("did you mean 'inverted'",)),
    "component": ('structure = "inverted"\ncomponents = ["athority"]', ("did you mean 'authority'",)),
    "component of nothing": (
        'components = ["authority"]\nset = { "demand.remedy" = 3 }',
        ("'components' needs a 'structure'",),
    ),
    "levers of nothing": ('levers = ["kpi"]', ("'levers' needs a 'structure'",)),
    "domain": ('structure = "inverted"\ndomains = ["solution"]', ("did you mean 'solutions'", "have: remedies")),
    "lever": ('structure = "inverted"\nlevers = ["latitud"]', ("did you mean 'latitude'",)),
    "no component at all": ('structure = "inverted"\ncomponents = []', ("line 3", "selects nothing")),
    "no department at all": ('structure = "inverted"\ndepartments = []', ("line 3", "selects nothing")),
    "lever that leaves no time": ('structure = "inverted"\nlevers = ["share_causes"]', ("add up to 1.1",)),
    "and only in one department": (
        'structure = "inverted"\nlevers = ["share_causes"]\ndepartments = [1]',
        ("add up to 1.1",),
    ),
    "manager": ("managers_leave = [4]", ("managers_leave = 4", "0 to 3")),
    "negative manager": ("managers_leave = [-1]", ("managers_leave = -1", "0 to 3")),
    "no manager at all": ("managers_leave = []", ("line 2", "selects nothing")),
    "department": ('structure = "inverted"\ndepartments = [7]', ("departments = 7", "0 to 2")),
    "setting": ('set = { "demand.remdy" = 3 }', ("did you mean 'demand.remedy'",)),
    "value": ('set = { "demand.remedy" = -3 }', ("demand.remedy = -3",)),
    "size": ('set = { "workforce.frontline" = 30 }', ("workforce.frontline", "first morning")),
    "length": ('set = { "run.days" = 30 }', ("run.days", "first morning")),
    "set": ("set = 3", ("line 2", "set = 3")),
}


@pytest.mark.parametrize("case", WRONG_CHANGES)
def test_an_impossible_change_is_refused_before_any_run(case: str, tmp_path: Path) -> None:
    text, words = WRONG_CHANGES[case]
    refused(written(tmp_path, f"[[timeline]]\n{text}\n"), "mine.toml, line ", "timeline entry 1", *words)


def test_a_manager_who_is_not_there_cannot_leave(tmp_path: Path) -> None:
    text = "[workforce]\nmanagers = 0\n[[timeline]]\nday = 3\nmanagers_leave = [0]\n"
    refused(written(tmp_path, text), "line 3", "there are no managers")
    assert load_scenario(written(tmp_path, text.replace("managers = 0", "managers = 1"))).timeline


def test_an_entry_is_known_by_its_number(tmp_path: Path) -> None:
    text = '[[timeline]]\nday = 3\nstructure = "inverted"\n\n[[timeline]]\nday = -3\nstructure = "inverted"\n'
    refused(written(tmp_path, text), "line 6", "timeline entry 2", "day = -3")


def test_changes_are_judged_after_those_before_them(tmp_path: Path) -> None:
    """Managers' shares of time that fit one structure may not fit the one in force when their day comes."""
    share = '[[timeline]]\nday = 200\nset = { "structure.share_control" = 0.6 }\n'
    assert load_scenario(written(tmp_path, share)).timeline
    refused(written(tmp_path, f'[[timeline]]\nday = 100\nstructure = "inverted"\n{share}'), "entry 2", "add up to")


def test_a_setting_that_makes_a_change_impossible_is_refused() -> None:
    scenario = Scenario(timeline=(Change(day=3, structure="inverted", departments=(2,)),))
    with pytest.raises(InputError, match="departments = 2"):
        changed(scenario, {"workforce.departments": 2})


# -- writing ----------------------------------------------------------------------------------


@given(scenario=scenarios())
def test_any_scenario_comes_back_from_its_file(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> None:
    for comments in (True, False):
        path = written(tmp_path_factory.mktemp("round"), scenario_toml(scenario, comments))
        assert load_scenario(path) == scenario
        assert differences(load_scenario(path), scenario) == {}


def test_a_timeline_comes_back_from_its_file(tmp_path: Path) -> None:
    timeline = (
        Change(day=0, structure="inverted", components=("authority", "voice"), departments=(0, 2)),
        Change(day=200, structure="inverted", domains=("solutions",), levers=("kpi",), managers_leave=(0, 3)),
        Change(day=250, structure="inverted", factors=("power",)),
        Change(day=300, set={"demand.remedy": 7.5, "market.post_share": 0.2}, note='"more"\nsaid\tloudly \\ ü'),
    )
    scenario = Scenario(timeline=timeline)
    assert load_scenario(written(tmp_path, scenario_toml(scenario))) == scenario


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(structure="inverted"), "inverted"),
        (Change(structure="inverted", components=("voice",), levers=("kpi",)), "inverted (voice, kpi)"),
        (Change(structure="inverted", factors=("power",)), "inverted (power)"),
        (Change(structure="flat", departments=(0, 2)), "flat in departments 0, 2"),
        (Change(set={"demand.remedy": 7.5}, managers_leave=(1,)), "demand.remedy = 7.5, manager 1 leaves"),
        (Change(managers_leave=(0, 3)), "managers 0, 3 leave"),
    ],
)
def test_a_change_can_be_said_in_words(change: Change, words: str) -> None:
    assert change_words(change) == words


@pytest.mark.parametrize("value", [True, 3, -2.5, 1e-9, 1e300, 30.0, 'a "b"\n\\ é\x7f', [1.0, 2.5], {"a.b": [1, "c"]}])
def test_values_are_written_as_toml(value: Any) -> None:
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_a_written_scenario_explains_every_setting(section: str, name: str) -> None:
    field = sections()[section].model_fields[name]
    lines = scenario_toml(Scenario(), assumptions=True).splitlines()
    at = next(i for i in range(lines.index(f"[{section}]"), len(lines)) if lines[i].startswith(f"{name} = "))
    comment = " ".join(line.removeprefix("# ") for line in lines[at - 4 : at])
    assert (field.description or "-") in comment
    assert "source: " in comment


def test_lines_of_written_files_are_not_too_long() -> None:
    texts = [
        scenario_toml(Scenario()),
        structure_toml(load_structure("inverted"), other=Structure(), other_name="that"),
    ]
    assert max(len(line) for text in texts for line in text.splitlines()) <= 110


def test_a_structure_can_show_another_beside_it(tmp_path: Path) -> None:
    text = structure_toml(Structure(latitude=0.9), other=Structure(), other_name="usual")
    assert text.count("# usual:") == 1
    assert "latitude = 0.9  # usual: 0.15" in text
    assert load_structure(written(tmp_path, text)) == Structure(latitude=0.9)
