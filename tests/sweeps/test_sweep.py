"""Designs of sweeps and what they leave behind: points, luck, tables, exports."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

import simsvc
from simsvc.errors import InputError
from simsvc.model.compiling import model_version
from simsvc.model.rows import DAY
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import METRICS, summary
from simsvc.runs.progress import Progress
from simsvc.runs.statistics import contrast
from simsvc.scenario.loading import load_scenario, load_structure, with_structure
from simsvc.scenario.settings import setting_names
from simsvc.sweeps import design as design_module
from simsvc.sweeps import results as results_module
from simsvc.sweeps.block import Block, Span
from simsvc.sweeps.design import Design
from simsvc.sweeps.files import load_design
from simsvc.sweeps.points import change_table
from simsvc.sweeps.results import Results
from simsvc.sweeps.store import Store
from simsvc.sweeps.sweep import Sweep, sweep
from simsvc.sweeps.views import changes_told

TINY = {"market.population": 60, "market.customers": 30}
FRONTLINE = {"workforce.frontline": [4, 6, 8]}


def tiny(**changes: Any) -> Design:
    """A design whose runs take milliseconds: three points, two structures, three replications unless changed."""
    plan = {"settings": TINY, "vary": FRONTLINE, "replications": 3, "days": 20, **changes}
    return Design("classroom", **plan)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Equal to the last bit, types and order included."""
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.fixture(scope="module")
def undisturbed() -> pd.DataFrame:
    """The runs of the tiny design, from one thread and a folder that nothing happens to."""
    return sweep(tiny(), workers=1).runs()


def points(design: Design) -> list[dict[str, Any]]:
    """Values of what varies, point by point, scenario included."""
    found = {cell.point: {"scenario": cell.scenario, **cell.values} for cell in design.cells()}
    return [found[number] for number in range(len(found))]


def values(design: Design, name: str) -> list[Any]:
    return [point[name] for point in points(design)]


# -- points -----------------------------------------------------------------------------------


def test_a_factorial_design_has_every_combination_once() -> None:
    design = tiny(vary={**FRONTLINE, "demand.idiosyncrasy": Span(0.1, 0.9, steps=5)})
    found = [(p["workforce.frontline"], p["demand.idiosyncrasy"]) for p in points(design)]
    assert found == list(itertools.product([4, 6, 8], [0.1, 0.3, 0.5, 0.7, 0.9]))
    assert len(design) == 15 * 2 * 3


def test_lists_run_in_parallel() -> None:
    design = tiny(method="list", vary={**FRONTLINE, "demand.idiosyncrasy": [0.2, 0.5, 0.9]})
    assert list(zip(values(design, "workforce.frontline"), values(design, "demand.idiosyncrasy"), strict=True)) == [
        (4, 0.2), (6, 0.5), (8, 0.9),
    ]  # fmt: skip


def test_a_latin_hypercube_has_one_point_in_every_slice_of_every_setting() -> None:
    design = tiny(
        method="latin_hypercube",
        points=40,
        vary={"demand.idiosyncrasy": Span(0.2, 0.6), "structure.latitude": Span(0.0, 1.0)},
    )
    for name, low, high in (("demand.idiosyncrasy", 0.2, 0.6), ("structure.latitude", 0.0, 1.0)):
        slices = np.floor((np.array(values(design, name)) - low) / (high - low) * 40)
        assert sorted(slices) == list(range(40))


def test_a_sobol_design_fills_the_space_more_evenly_than_chance() -> None:
    design = tiny(
        method="sobol", points=64, vary={"demand.idiosyncrasy": Span(0.0, 1.0), "structure.latitude": Span(0.0, 1.0)}
    )
    found = np.array([[p["demand.idiosyncrasy"], p["structure.latitude"]] for p in points(design)])
    chance = [qmc.discrepancy(np.random.default_rng(k).random((64, 2))) for k in range(200)]
    assert qmc.discrepancy(found) < min(chance)  # error rate below 1 in 200, and the seed is fixed


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_a_sampled_design_depends_on_its_seed_alone(method: str) -> None:
    design = tiny(method=method, points=8, vary={"demand.idiosyncrasy": Span(0.0, 1.0)}, seed=5)
    again, other = replace(design), replace(design, seed=6)
    assert points(design) == points(again) != points(other)
    assert points(design) == points(replace(design, replications=9))


def test_steps_on_a_logarithmic_scale_grow_by_a_factor() -> None:
    design = tiny(vary={"operations.approval_delay": Span(1, 64, steps=4, scale="log")})
    assert values(design, "operations.approval_delay") == pytest.approx([1, 4, 16, 64])


def test_whole_number_settings_get_whole_numbers_with_equal_chances() -> None:
    design = tiny(method="latin_hypercube", points=60, vary={"workforce.frontline": Span(4, 8)})
    found = values(design, "workforce.frontline")
    assert all(type(value) is int for value in found)
    assert {value: found.count(value) for value in range(4, 9)} == dict.fromkeys(range(4, 9), 12)


def test_whole_number_steps_that_round_to_the_same_are_one() -> None:
    assert values(tiny(vary={"workforce.frontline": Span(4, 6, steps=5)}), "workforce.frontline") == [4, 5, 6]


def test_a_sampled_list_is_drawn_from_evenly() -> None:
    design = tiny(method="latin_hypercube", points=30, vary={**FRONTLINE, "demand.idiosyncrasy": Span(0.1, 0.5)})
    found = values(design, "workforce.frontline")
    assert {value: found.count(value) for value in (4, 6, 8)} == {4: 10, 6: 10, 8: 10}


def test_values_are_written_as_a_person_would_write_them() -> None:
    assert values(tiny(vary={"demand.idiosyncrasy": Span(0.1, 0.7, steps=7)}), "demand.idiosyncrasy") == [
        0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
    ]  # fmt: skip


def test_blocks_are_a_union_whose_points_are_numbered_through() -> None:
    design = Design(
        blocks=(
            Block("classroom", ["inverted"], settings=TINY, vary=FRONTLINE),
            Block(["classroom", "hospital_ward"], settings=TINY, vary={"demand.idiosyncrasy": [0.31, 0.41]}),
        ),
        replications=2,
        days=5,
    )
    assert [p["scenario"] for p in points(design)] == ["classroom"] * 5 + ["hospital_ward"] * 2
    assert design.varied == ("workforce.frontline", "demand.idiosyncrasy")
    assert design.structure_names == ("inverted", "traditional")
    assert len(design) == (3 * 1 + 4 * 2) * 2


def test_a_setting_that_a_block_does_not_vary_stands_in_its_rows_all_the_same() -> None:
    both = [
        Block("classroom", ["inverted"], TINY, FRONTLINE),
        Block("classroom", ["inverted"], TINY, {"market.ties": [2]}),
    ]
    frame = sweep(Design(blocks=tuple(both), replications=1, days=5)).runs()
    preset = load_scenario("classroom")
    assert list(frame["workforce.frontline"]) == [4, 6, 8, preset.workforce.frontline]
    assert list(frame["market.ties"]) == [preset.market.ties] * 3 + [2]


def test_a_lever_that_a_point_does_not_set_is_empty_at_a_glance() -> None:
    both = (Block("classroom", settings=TINY, vary={"structure.latitude": [0.5]}), Block("classroom", settings=TINY))
    found = sweep(Design(blocks=both, replications=2, days=5))
    table = found.points()
    assert set(table[table["point"] == 0]["structure.latitude"]) == {0.5}
    assert table[table["point"] == 1]["structure.latitude"].isna().all()
    runs = found.runs()
    assert set(runs[runs["point"] == 1]["structure.latitude"]) == {
        load_structure("traditional").latitude, load_structure("inverted").latitude
    }  # fmt: skip


def test_points_are_counted_once_whatever_their_structures() -> None:
    design = Design(
        blocks=(
            Block("classroom", ["inverted"], TINY, FRONTLINE),
            Block("classroom", ["traditional", "inverted"], TINY, {"workforce.frontline": [6, 10]}),
            Block("classroom", ["inverted"], TINY, {"workforce.frontline": [4, 8]}),
        ),
        days=5,
    )
    assert design.point_count == 5  # 4, 6, 8; 6 and 10 with another structure


def test_a_lever_takes_the_place_of_the_structures_own_value() -> None:
    design = tiny(vary={"structure.latitude": [0.3, 0.8]})
    assert {
        (task.structure, design.settings_of(task).structure.latitude) for task in design.tasks(replications=[0])
    } == {("traditional", 0.3), ("inverted", 0.3), ("traditional", 0.8), ("inverted", 0.8)}


def test_scenarios_and_structures_are_looked_for_beside_the_design_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('base = "classroom"\n[market]\npopulation = 60\ncustomers = 30\n')
    (tmp_path / "chart.toml").write_text('base = "inverted"\nlatitude = 0.77\n')
    path = tmp_path / "design.toml"
    path.write_text(
        'scenario = ["mine.toml", "classroom"]\nstructures = ["chart.toml", "inverted"]\nreplications = 1\n'
    )
    design = load_design(path)
    tasks = list(design.tasks())
    assert [(t.scenario, t.structure) for t in tasks[:2]] == [("mine", "chart"), ("mine", "inverted")]
    assert design.settings_of(tasks[0]).structure.latitude == 0.77
    assert design.settings_of(tasks[0]).market.customers == 30


def test_a_file_and_python_say_the_same_design(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    path.write_text(
        """
        scenario = "classroom"
        replications = 4
        days = 20
        seed = 9
        common_random_numbers = false
        series = ["loyalty"]
        trace = { customer = [3] }
        method = "latin_hypercube"
        points = 5
        [set]
        market.population = 60
        "market.customers" = 30
        [vary]
        workforce.frontline = [4, 6]
        "demand.idiosyncrasy" = { low = 0.1, high = 0.9 }
        operations.approval_delay = { low = 1, high = 60, scale = "log" }
        """
    )
    python = Design(
        "classroom", settings=TINY, replications=4, days=20, seed=9, common_luck=False, series=["loyalty"],
        traces={"customer": [3]}, method="latin_hypercube", points=5,
        vary={
            "workforce.frontline": [4, 6],
            "demand.idiosyncrasy": Span(0.1, 0.9),
            "operations.approval_delay": Span(1, 60, scale="log"),
        },
    )  # fmt: skip
    found = load_design(path)
    assert found.described() == python.described()
    assert points(found) == points(python)


def test_a_block_adds_to_what_the_top_of_the_file_sets(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    path.write_text(
        'scenario = "classroom"\nreplications = 1\n[set]\nmarket.population = 60\nmarket.customers = 30\n'
        '[[block]]\nset = { "market.customers" = 20 }\n[[block]]\nscenario = "hospital_ward"\n'
    )
    design = load_design(path)
    first, second = (design.settings_of(next(t for t in design.tasks() if t.block == k)) for k in (0, 1))
    assert (first.market.population, first.market.customers) == (60, 20)
    assert (second.market.population, second.market.customers) == (60, 30)


# -- luck and identity ------------------------------------------------------------------------


def test_common_luck_is_that_of_the_replication_own_luck_that_of_the_point() -> None:
    common, own = tiny(), tiny(common_luck=False)
    assert {t.luck for t in common.tasks() if t.replication == 2} == {2}
    by_point = {(t.point, t.replication): set() for t in own.tasks()}
    for task in own.tasks():
        by_point[task.point, task.replication].add(task.luck)
    assert all(len(lucks) == 1 for lucks in by_point.values())  # the structures of a point share it
    assert len(set.union(*by_point.values())) == len(by_point)  # nobody else does


def test_points_share_their_luck_or_do_not() -> None:
    """Two points that differ in what nobody is affected by: common luck makes them one and the same."""
    idle = {"vary": {"market.ties": [4, 5]}, "settings": {**TINY, "rules.word_of_mouth": 0.0}, "replications": 2}
    for common in (True, False):
        frame = sweep(tiny(**idle, structures=["inverted"], common_luck=common)).runs()
        first, second = (frame[frame["point"] == k]["retention"].to_numpy() for k in (0, 1))
        satisfied = [frame[frame["point"] == k]["satisfaction"].to_numpy() for k in (0, 1)]
        assert (first == second).all() or not common
        assert (satisfied[0] == satisfied[1]).all() == common


def test_cells_that_say_the_same_are_run_once_under_the_first_number() -> None:
    plain = Block("classroom", ["inverted", "traditional"], TINY, FRONTLINE)
    again = Block("classroom", ["traditional"], TINY, {"workforce.frontline": [6, 9]})
    design = Design(blocks=(plain, again), replications=2, days=5)
    assert design.twins == {6: 3}
    frame = sweep(design).runs()
    assert len(frame) == len(design) == (6 + 1) * 2
    assert frame["run"].is_unique
    assert list(frame[frame["structure"] == "traditional"]["point"].unique()) == [0, 1, 2, 4]


def test_with_own_luck_nothing_is_the_same_twice() -> None:
    twice = tuple(Block("classroom", ["inverted"], TINY, FRONTLINE) for _ in range(2))
    assert len(Design(blocks=twice, replications=2, days=5, common_luck=True)) == 6
    assert len(Design(blocks=twice, replications=2, days=5, common_luck=False)) == 12


def test_a_hundred_million_runs_are_enumerated_lazily() -> None:
    design = tiny(vary={"demand.idiosyncrasy": Span(0.1, 0.9, steps=50)}, replications=1_000_000)
    assert len(design) == 100_000_000
    tasks = design.tasks(replications=range(999_999, 1_000_000))
    assert next(tasks).number == 99_999_900
    assert next(iter(design.tasks())).number == 0


_BLOCKS = st.builds(
    lambda scenarios, structures, frontline, ties: Block(
        scenarios, structures, TINY, {"workforce.frontline": frontline, "market.ties": ties}
    ),
    st.lists(st.sampled_from(["classroom", "hospital_ward"]), min_size=1, unique=True),
    st.lists(st.sampled_from(["traditional", "inverted", "flat"]), min_size=1, unique=True),
    st.lists(st.integers(3, 9), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(1, 5), min_size=1, max_size=3, unique=True),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_BLOCKS, min_size=1, max_size=3), st.integers(1, 4), st.booleans())
def test_any_design_numbers_its_runs_once_and_in_order(blocks: list[Block], replications: int, common: bool) -> None:
    design = Design(blocks=tuple(blocks), replications=replications, days=3, common_luck=common)
    tasks = list(design.tasks())
    numbers = [task.number for task in tasks]
    assert len(design) == len(tasks)
    assert numbers == sorted(set(numbers))
    assert max(numbers) < design.cell_count * replications
    assert [task.replication for task in tasks] == sorted(task.replication for task in tasks)
    assert len({design.run_id(task) for task in tasks}) == len(tasks)
    assert list(design.tasks()) == tasks
    longer = replace(design, replications=replications + 1)
    assert list(longer.tasks())[: len(tasks)] == tasks


def test_identities_are_hashes_of_all_that_a_run_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(design_module, "_KEPT", 2)
    design = Design("classroom", vary={"workforce.frontline": [5, 6, 7]}, replications=2, days=3, seed=4)
    for task in design.tasks():
        whole = design_module.resolved(design.settings_of(task)), 4, task.luck, model_version()
        digest = hashlib.blake2b(json.dumps(whole, sort_keys=True).encode(), digest_size=12)
        assert design.run_id(task) == digest.hexdigest()


# -- what is refused --------------------------------------------------------------------------

REFUSED = {
    "nothing": ("", "says nothing", "scenario = "),
    "nobody to follow": (
        'scenario = "classroom"\n[trace]\nmanager = [0, 77]',
        "design.toml, line 3",
        "there is no manager 77 at point 0",
        "counted from 0",
    ),
    "unknown key": ('scenarios = "classroom"', "there is no 'scenarios'", "did you mean 'scenario'"),
    "unknown preset": ('scenario = "clasroom"', "clasroom", "classroom"),
    "unknown structure": ('structures = ["inverted", "tradional"]', "tradional", "traditional"),
    "structure not in brackets": ('structures = "inverted"', "structures", "in brackets"),
    "structure twice": ('structures = ["inverted", "inverted"]', "named twice"),
    "unknown setting": (
        "[vary]\ndemand.idiosyncracy = [0.1]",
        "design.toml, line 2",
        "did you mean 'demand.idiosyncrasy'",
    ),
    "setting at the top": ('"demand.idiosyncrasy" = [0.1]', "[vary]"),
    "no value": ("[vary]\ndemand.idiosyncrasy = []", "at least one value"),
    "one value": ("[vary]\ndemand.idiosyncrasy = 0.3", "list of values or a range"),
    "nan": ("[vary]\ndemand.idiosyncrasy = [0.1, nan]", "design.toml, line 2", "demand.idiosyncrasy", "nan"),
    "infinite": ("[vary]\ndemand.idiosyncrasy = { low = 0.1, high = inf, steps = 3 }", "finite"),
    "text": ('[vary]\ndemand.idiosyncrasy = ["high"]', "demand.idiosyncrasy"),
    "out of range": ("[vary]\ndemand.idiosyncrasy = [0.1, 1.5]", "point 1", "demand.idiosyncrasy", "1.5"),
    "part of a person": ("[vary]\nworkforce.frontline = [4.5]", "workforce.frontline", "4.5"),
    "backwards": ("[vary]\ndemand.idiosyncrasy = { low = 0.9, high = 0.1, steps = 3 }", "below"),
    "no steps": ("[vary]\ndemand.idiosyncrasy = { low = 0.1, high = 0.9 }", "needs 'steps'"),
    "one step": ("[vary]\ndemand.idiosyncrasy = { low = 0.1, high = 0.9, steps = 1 }", "allowed: 2 to"),
    "unknown part of a range": ("[vary]\ndemand.idiosyncrasy = { low = 0.1, high = 0.9, step = 3 }", "steps"),
    "no such scale": (
        '[vary]\ndemand.idiosyncrasy = { low = 0.1, high = 0.9, steps = 3, scale = "ln" }',
        "linear, log",
    ),
    "log of zero": ('[vary]\ndemand.idiosyncrasy = { low = 0, high = 0.9, steps = 3, scale = "log" }', "above 0"),
    "days vary": ("[vary]\nrun.days = [10, 20]", "run.days", "at the top"),
    "set and varied": ("[set]\nmarket.ties = 3\n[vary]\nmarket.ties = [1, 2]", "also set"),
    "no such method": ('method = "sobel"\npoints = 4', "did you mean 'sobol'"),
    "unequal lists": ('method = "list"\n[vary]\nmarket.ties = [1, 2]\nworkforce.frontline = [4]', "equally long"),
    "no points": ('method = "sobol"\n[vary]\nmarket.ties = [1, 2]', "points = None"),
    "no power of two": ('method = "sobol"\npoints = 12\n[vary]\nmarket.ties = [1, 2]', "nearest: 8 and 16"),
    "points without use": ("points = 12", "points = 12", "latin_hypercube"),
    "nothing sampled": ('method = "latin_hypercube"\npoints = 4', "needs settings to vary"),
    "no replications": ("replications = 0", "replications = 0", "1 to"),
    "half a replication": ("replications = 2.5", "replications = 2.5", "whole number"),
    "no days": ("days = 0", "days = 0"),
    "negative seed": ("seed = -1", "seed = -1", "0 to"),
    "luck is no word": ('common_random_numbers = "yes"', "true or false"),
    "unknown series": ('series = ["loyality"]', "did you mean 'loyalty'"),
    "unknown kind of person": ("[trace]\nboss = [1]", "customer, staff, manager"),
    "negative person": ("[trace]\nstaff = [-1]", "0 or more"),
    "too many runs": (
        "replications = 1000000\n[vary]\ndemand.idiosyncrasy = { low = 0, high = 1, steps = 1000 }",
        "runs",
    ),
    "not TOML": ("scenario = classroom", "design.toml"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_design_that_cannot_be_run_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    text, *words = REFUSED[name]
    path = tmp_path / "design.toml"
    path.write_text(text + "\n")
    with pytest.raises(InputError) as refused:
        load_design(path)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    for word in words:
        assert word in message


def test_combinations_that_cannot_be_are_named_before_anything_is_written(tmp_path: Path) -> None:
    """Customers and population each are fine, and so are three of the four combinations."""
    design = tiny(settings={}, vary={"market.population": [60, 2000], "market.customers": [30, 1000]})
    with pytest.raises(InputError, match=r"point 1: market\.customers"):
        sweep(design, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_the_command_line_cannot_say_is_refused_too() -> None:
    for changes, word in (
        ({"vary": {"market.ties": "12"}}, "list of values"),
        ({"vary": {"demand.idiosyncrasy": Span(math.nan, 0.5, steps=2)}}, "finite"),
        ({"structures": "inverted"}, "brackets"),
        ({"structures": []}, "at least one"),
        ({"replications": True}, "replications"),
        ({"blocks": (Block("classroom"),)}, "move it into a block"),
    ):
        with pytest.raises(InputError, match=word):
            tiny(**changes).check()
    with pytest.raises(InputError, match="on_error"):
        Sweep(tiny(), on_error="ignore")
    with pytest.raises(InputError, match="workers = 0"):
        Sweep(tiny(), workers=0)


# -- the same whatever happens ----------------------------------------------------------------


def test_a_row_is_what_the_model_gives_when_run_by_hand(undisturbed: pd.DataFrame) -> None:
    row = undisturbed[(undisturbed["workforce.frontline"] == 6) & (undisturbed["structure"] == "inverted")].iloc[2]
    scenario = with_structure(load_scenario("classroom", {**TINY, "workforce.frontline": 6}), "inverted")
    model = ServiceOrganization(scenario, rng=scenario.run.seed, replication=2)
    model.advance(20)
    expected = summary(model.state.days[: model.day], scenario.run.settling)
    assert row["replication"] == 2
    np.testing.assert_array_equal([row[name] for name in METRICS], [expected[name] for name in METRICS])


def test_the_table_has_one_row_per_run_in_the_order_of_the_design(undisturbed: pd.DataFrame) -> None:
    assert list(undisturbed.columns) == [
        "number", "point", "scenario", "structure", "workforce.frontline", "replication", "run", "status", "stage",
        "message", "traceback", *METRICS,
    ]  # fmt: skip
    labels = list(undisturbed[["point", "structure", "replication"]].itertuples(index=False, name=None))
    assert labels == list(itertools.product(range(3), ["traditional", "inverted"], range(3)))
    assert sorted(undisturbed["number"]) == list(range(18))
    assert undisturbed["run"].is_unique
    assert (undisturbed["status"] == "done").all()
    assert undisturbed["retention"].nunique() > 1


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_number_of_workers_changes_nothing(workers: int, undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    same(sweep(tiny(), tmp_path / "out", workers=workers).runs(), undisturbed)


def test_the_order_of_runs_and_interruptions_change_nothing(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    order = np.random.default_rng(3).permutation(18)
    for part in np.array_split(order, 5):
        with Sweep(tiny(), tmp_path / "out", workers=2) as work:
            tasks = list(work.design.tasks())
            work.perform([tasks[k] for k in part])
    same(Results(tmp_path / "out").runs(), undisturbed)
    assert len(list((tmp_path / "out" / "runs").glob("*.parquet"))) == 5


def test_more_replications_extend_a_folder(tmp_path: Path) -> None:
    sweep(tiny(replications=3), tmp_path / "out")
    five = sweep(tiny(replications=5), tmp_path / "out")
    same(five.runs(), sweep(tiny(replications=5)).runs())
    assert five.manifest["replications"] == 5


def test_fewer_replications_run_nothing_and_say_what_is_there(tmp_path: Path, undisturbed: pd.DataFrame) -> None:
    sweep(tiny(), tmp_path / "out")
    said: list[str] = []
    with Sweep(tiny(replications=2), tmp_path / "out", say=said.append) as work:
        work.perform()
    assert (work.found, work.store.done) == (12, 12)
    assert any("holds 3 replications, more than the 2" in line for line in said)
    same(work.runs(), undisturbed)


def test_a_sequential_procedure_runs_what_it_asks_for(undisturbed: pd.DataFrame) -> None:
    with Sweep(tiny()) as work:
        work.perform(work.design.tasks(replications=range(2), structures=["inverted"]))
        first = work.runs()
        assert (len(first), set(first["structure"]), set(first["replication"])) == (6, {"inverted"}, {0, 1})
        work.perform(work.design.tasks(replications=range(2), structures=["inverted"]))
        same(work.runs(), first)
        work.perform()
        same(work.runs(), undisturbed)


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    told: list[Progress] = []
    sweep(tiny(replications=1), tmp_path / "out")
    sweep(tiny(), tmp_path / "out", watch=told.append)
    assert [(one.done, one.total, one.failed, one.found) for one in told] == [(k, 18, 0, 6) for k in range(7, 19)]


def test_structures_of_a_point_can_be_paired(undisturbed: pd.DataFrame) -> None:
    paired = contrast(undisturbed, "structure", "inverted", "traditional", by=["point"])
    assert len(paired) == 9


# -- what is kept besides ---------------------------------------------------------------------


def gains(*, seed: int = 0, **values: list[float]) -> pd.DataFrame:
    """Changes in a sweep over numbers of staff, two charts and the gains given, one per replication."""
    luck = np.random.default_rng(seed)
    rows = []
    for point, (name, gain) in enumerate(values.items()):
        for replication, one in enumerate(gain):
            level = float(luck.normal(0.7, 0.01))
            place = (point, "classroom", replication, int(name.removeprefix("of_")), "done")
            rows += [(*place, "traditional", level), (*place, "inverted", level + one)]
    columns = ["point", "scenario", "replication", "workforce.frontline", "status", "structure", "retention"]
    note = {"keys": {name: "" for name in columns[:4]}, "structures": ["traditional", "inverted"]}
    return change_table(pd.DataFrame(rows, columns=columns), note, ["retention"])


def test_an_interaction_is_a_difference_in_differences_with_students_interval() -> None:
    found = gains(of_4=[0.01, 0.02, 0.03], of_6=[0.5, 0.0, 0.9], of_8=[0.05, 0.05, 0.08])  # changes: 0.04, 0.03, 0.05
    (row,) = found.to_dict("records")
    assert (row["structure"], row["lowest"], row["highest"], row["alone"], row["n"]) == (
        "inverted - traditional", 4, 8, True, 3,
    )  # fmt: skip
    half = 4.302653 * 0.01 / math.sqrt(3)
    assert [row[name] for name in ("at_lowest", "at_highest", "mean", "low", "high")] == pytest.approx(
        [0.02, 0.06, 0.04, 0.04 - half, 0.04 + half]
    )
    told = changes_told(found)
    assert told == [
        "With frontline from 4 to 8 the difference (inverted - traditional) goes: customer retention from +2.0 to +6.0 "
        "points, by +4.0 points [+1.5, +6.5]."
    ]
    (told_of_one,) = changes_told(gains(of_4=[0.01], of_8=[0.03]))
    assert told_of_one.endswith("by +2.0 points (too few replications for an interval).")


def test_luck_alone_is_called_an_interaction_as_seldom_as_the_interval_says() -> None:
    luck = np.random.default_rng(7).normal(0, 1, (200, 2, 5))
    tables = [gains(of_4=[*one], of_8=[*two]) for one, two in luck]
    holds = [bool((table["low"] <= 0).all() and (table["high"] >= 0).all()) for table in tables]
    assert 0.91 < np.mean(holds) < 0.99  # 0.95 less and more three standard deviations of 200 sweeps
    assert ["(no change seen)" in changes_told(table)[0] for table in tables] == holds


def test_where_other_settings_differ_between_the_ends_it_is_said() -> None:
    lists = {**FRONTLINE, "demand.idiosyncrasy": [0.2, 0.2, 0.9]}
    changes = sweep(tiny(method="list", vary=lists, replications=2)).changes()
    assert not changes["alone"].any()
    assert all("where other settings differ, too" in line for line in changes_told(changes))


def test_daily_series_and_stories_are_kept_where_asked(tmp_path: Path) -> None:
    found = sweep(tiny(series=["loyalty", "satisfaction"], traces={"customer": [3], "manager": [0]}), tmp_path / "out")
    days = found.days()
    assert len(days) == 18 * 20
    scenario = with_structure(load_scenario("classroom", {**TINY, "workforce.frontline": 4}), "traditional")
    model = ServiceOrganization(scenario, rng=scenario.run.seed, replication=0)
    model.advance(20)
    assert list(days["day"][:20]) == list(range(20))
    for name in ("loyalty", "satisfaction"):
        np.testing.assert_array_equal(days[name][:20], model.state.days[name][:20])
    stories = found.traces()
    assert set(stories["kind_of_person"]) == {"customer", "manager"}
    assert set(stories["number"]) == set(range(18))
    assert set(pd.read_parquet(tmp_path / "out" / "days").groupby("number").size()) == {20}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("table", ["days", "traces"])
def test_series_and_stories_of_many_runs_open_in_other_programs(table: str, kind: str, tmp_path: Path) -> None:
    """Whatever happens to nobody in one run and to somebody in another."""
    people = {"customer": list(range(10)), "staff": [0], "manager": [0]}
    found = sweep(tiny(series=["loyalty"], traces=people, replications=1), tmp_path / "out")
    file = tmp_path / f"{table}.{kind}"
    found.export(file, table)
    read = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}[kind](file)
    assert len(read) == len(getattr(found, table)())
    assert set(read["number"]) == set(range(6))


def test_all_series_are_all(tmp_path: Path) -> None:
    days = sweep(tiny(replications=1, series=["all"]), tmp_path / "out").days()
    assert set(DAY.names or ()) <= set(days.columns)


def test_a_sweep_without_series_says_so() -> None:
    found = sweep(tiny(replications=1))
    with pytest.raises(InputError, match="asks for none"):
        found.days()
    with pytest.raises(InputError, match="asks for none"):
        found.traces()


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """A finished sweep with daily series."""
    sweep(tiny(series=["loyalty"]), tmp_path / "out")
    return tmp_path / "out"


def test_daily_series_that_are_lost_are_made_again(series: Path) -> None:
    before = Results(series).days()
    Results(series).files("days")[4].unlink()
    with pytest.raises(InputError, match=r"days: the file of run 4 is missing; 'simsvc sweep'"):
        Results(series).days()
    with Sweep(tiny(series=["loyalty"]), series) as work:
        assert work.found == 17
        work.perform()
    same(work.results.days(), before)
    assert work.runs()["run"].is_unique


# -- other programs ---------------------------------------------------------------------------


def test_duckdb_and_pandas_read_the_parts_alone(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    sweep(tiny(), tmp_path / "out")
    pattern = tmp_path / "out" / "runs" / "*.parquet"
    table = duckdb.sql(f"select structure, avg(retention) as mean from '{pattern}' group by structure").df()
    mine = undisturbed.groupby("structure")["retention"].mean()
    assert table.set_index("structure")["mean"].to_dict() == pytest.approx(mine.to_dict())
    frame = pd.read_parquet(tmp_path / "out" / "runs").sort_values("number")
    expected = undisturbed.sort_values("number")
    np.testing.assert_array_equal(frame[list(METRICS)].to_numpy(), expected[list(METRICS)].to_numpy())
    assert list(frame["run"]) == list(expected["run"])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_exports_open_again_with_the_same_values(kind: str, undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    found = sweep(tiny())
    path = tmp_path / f"runs.{kind}"
    found.export(path)
    read: dict[str, Callable[..., pd.DataFrame]] = {
        "csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet,
    }  # fmt: skip
    again = read[kind](path)
    assert list(again.columns) == list(undisturbed.columns)
    metrics = list(METRICS)
    digits = 1e-15 if kind == "xlsx" else 0.0  # a sheet of Excel keeps 16 digits
    np.testing.assert_allclose(again[metrics].to_numpy(float), undisturbed[metrics].to_numpy(), rtol=digits)
    assert list(again["run"]) == list(undisturbed["run"])
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_an_excel_file_says_where_it_comes_from(tmp_path: Path) -> None:
    sweep(tiny(replications=1)).export(tmp_path / "runs.xlsx")
    about = pd.read_excel(tmp_path / "runs.xlsx", sheet_name="about").set_index("what")["value"]
    assert about["program"] == "simsvc"
    assert about["version"] == simsvc.__version__


def test_excel_refuses_more_rows_than_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sweep(tiny())
    monkeypatch.setattr(results_module, "MOST_EXCEL", 17)
    with pytest.raises(InputError, match="18 rows are more than a sheet of Excel has"):
        found.export(tmp_path / "runs.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "table", "words"),
    [
        ("runs.json", "runs", "ends in .csv, .xlsx or .parquet"),
        ("runs.csv", "rums", "there is no table"),
        ("none/runs.csv", "runs", "there is no folder"),
        ("folder.csv", "runs", "is a folder"),
    ],
)
def test_exports_that_cannot_be_are_refused(name: str, table: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=words):
        sweep(tiny(replications=1)).export(tmp_path / name, table)
    assert [one.name for one in tmp_path.iterdir()] == ["folder.csv"]


def test_an_export_that_breaks_off_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: pd.DataFrame, path: Path, **options: Any) -> None:
        Path(path).write_text("half")
        raise OSError(28, "No space left on device")

    (tmp_path / "runs.csv").write_text("old")
    found = sweep(tiny(replications=1))
    monkeypatch.setattr(pd.DataFrame, "to_csv", broken)
    with pytest.raises(OSError, match="No space"):
        found.export(tmp_path / "runs.csv", force=True)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("runs.csv", "old")]


def test_the_manifest_says_what_is_needed_to_repeat_it(tmp_path: Path) -> None:
    sweep(tiny(seed=4), tmp_path / "out")
    note = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (note["program"], note["kind"], note["version"]) == ("simsvc", "sweep", simsvc.__version__)
    assert (note["design"]["seed"], note["design"]["days"], note["replications"]) == (4, 20, 3)
    assert note["packages"]["numba"]
    block = note["design"]["blocks"][0]
    assert block["scenarios"]["classroom"]["market"]["customers"] == 30
    assert set(block["structures"]) == {"traditional", "inverted"}


def test_a_folder_that_is_still_being_written_can_be_read(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    with Sweep(tiny(), tmp_path / "out") as work:
        work.perform(list(work.design.tasks())[:7])
        partly = Results(tmp_path / "out").runs()
        copy = shutil.copytree(tmp_path / "out", tmp_path / "copy")
    expected = undisturbed[undisturbed["number"] < 7].reset_index(drop=True)
    same(partly, expected)
    same(Results(copy).runs(), expected)


def test_folders_of_something_else_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty and holds no results"):
        Store(tmp_path, tiny())
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(InputError, match="holds no results of a sweep"):
        Results(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "comparison", "program": "simsvc"}))
    for use in (lambda: Results(tmp_path), lambda: Store(tmp_path, tiny())):
        with pytest.raises(InputError, match=r"results of another kind \(comparison\)"):
            use()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["manifest.json", "thesis.txt"]


def test_a_hundred_settings_that_vary_give_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    names = [name for name in setting_names() if name.startswith(("rules.", "structure.share"))][:120]
    vary = {name: [0.0, 0.1] for name in names}
    results = sweep(Design("classroom", settings=TINY, vary=vary, method="list", replications=1, days=2))
    assert len(results.points()) == 2 * 3 * 3
    assert [str(one.message) for one in recwarn if "fragmented" in str(one.message)] == []
