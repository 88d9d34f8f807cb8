"""A user's file of own rules, phases and metrics: what is refused, and that it reaches runs and their identity."""

import copy
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import simsvc
from simsvc.demo.lessons import load_lesson
from simsvc.demo.server import Offer
from simsvc.demo.trying import try_lesson
from simsvc.errors import InputError
from simsvc.model.compiling import kept_as
from simsvc.runs.order import Order
from simsvc.runs.own import Own, load_own, with_own
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.sweeps.design import Design

GOOD = '''
def training_felt(days):
    return 0.25

def lift(model):
    """Morale rises by a small step."""
    for one in model.frontline:
        one.morale = 1.0

def phases(day):
    day.insert("lift", lift, after="measure")

def tired(model, days):
    return len(days) + float(model.state.staff["morale"].min())

rules = {"training_felt": training_felt}
metrics = {"tired": tired}
'''


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "names nothing: needs any of rules, phases, metrics"),
        ("rules = {\n  'people_tol': abs}", "line 2: there is no rule 'people_tol'"),
        ("\ndef f(:", "mine.py, line 2: SyntaxError"),
        ("\n\nimport no_such_module_of_mine", "mine.py, line 3: ModuleNotFoundError: No module named 'no_such"),
        ("rules = {'people_told': 3}", r"rules\['people_told'\] should be a function"),
        ("rules = {'people_told': lambda x: x}", "takes 4 arguments"),
        ("rules = [1]", "rules should be a dictionary"),
        ("phases = 3", "phases should be a function"),
        ("def phases(day):\n  day.drop('noon')", "mine.py, line 2: there is no phase 'noon'"),
        ("def phases(day):\n  day.nothing", "mine.py, line 2: AttributeError"),
        ("metrics = {'profit': max}", "metric 'profit': is a metric of the program"),
        ("def g(days):\n  return days - 1e3\nrules = {'chance_to_return': lambda p, s: p - 2.0}",
         "rule 'chance_to_return' gives -.* for persistence = .*, strength = .*, which is below 0"),
        ("import math\nrules = {'training_felt': lambda days: math.nan * days}",
         "rule 'training_felt' gives nan for days = .*, which is no finite number"),
        ("rules = {'remembered': lambda days, strength: days if days < 100.0 else math.nan}\nimport math",
         "rule 'remembered' gives nan for days = [1-9][0-9][0-9]"),
        ("rules = {'training_felt': lambda days: 1.0 / (days * 0.0)}", "gives inf for days"),
        ("rules = {'training_felt': lambda days: open(days)}", "rule 'training_felt' cannot be compiled"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_line_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as found:
        load_own(written(tmp_path, text))
    assert "\n" not in str(found.value)
    assert "mine.py" in str(found.value)


def test_a_scenario_carries_it_whatever_is_changed_in_it(tmp_path: Path) -> None:
    base = load_scenario("classroom")
    scenario = with_own(base, written(tmp_path, GOOD))
    assert base.own is None
    assert scenario != base
    for other in (
        changed(scenario, {"workforce.frontline": 5}),
        with_structure(scenario, "inverted"),
        pickle.loads(pickle.dumps(scenario)),
        copy.deepcopy(scenario),
    ):
        assert other.own == scenario.own
    assert isinstance(scenario.own, Own)
    assert scenario.own.rules["training_felt"] is load_own(scenario.own).rules["training_felt"]  # compiled once


@pytest.mark.parametrize("key", ["own", "_own", "own_rules", "with"])
def test_no_file_of_settings_names_one(tmp_path: Path, key: str) -> None:
    mine = written(tmp_path, "raise SystemExit('was run')")
    with pytest.raises(InputError, match=key):
        load_scenario(written(tmp_path, f'base = "classroom"\n{key} = "{mine.as_posix()}"', "mine.toml"))
    with pytest.raises(InputError, match=key):
        simsvc.load_design(written(tmp_path, f'scenario = "classroom"\n{key} = "{mine.as_posix()}"', "design.toml"))


def test_runs_are_known_by_the_hash_of_the_source(tmp_path: Path) -> None:
    plain = Design("classroom", replications=1, days=5)
    one, same, other = (
        plain.under(Own(name, GOOD + end)) for name, end in (("a.py", ""), ("b.py", ""), ("a.py", "# other"))
    )
    task = next(plain.tasks())
    ids = [design.run_id(task) for design in (plain, one, same, other)]
    assert ids[1] == ids[2]
    assert len(set(ids)) == 3
    assert one.described() == same.described() != other.described()


def test_rules_phases_and_metrics_act_in_runs_that_are_kept(tmp_path: Path) -> None:
    own, days = load_own(written(tmp_path, GOOD)), 4
    design = Design("classroom", ("traditional",), settings={"run.settling": 0.0}, replications=1, days=days)
    runs = simsvc.sweep(design, tmp_path / "kept", own=own, workers=1)
    assert list(runs.runs()["tired"]) == [days + 1.0]  # all days, and the phase came last on each
    seen: list[object] = []
    simsvc.sweep(design, tmp_path / "kept", own=own, workers=1, watch=seen.append)
    assert not seen  # the kept run was taken
    with pytest.raises(InputError, match=r"was begun with own rules [0-9a-f]{12}, this is with [0-9a-f]{12}:"):
        simsvc.sweep(design, tmp_path / "kept", own=Own("mine.py", GOOD + "# other"))
    with pytest.raises(InputError, match="this is with none"):
        simsvc.sweep(design, tmp_path / "kept")


def test_every_way_of_running_hands_them_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is run: what asks for runs asks for them under the file."""
    own = load_own(written(tmp_path, "def tired(model, days):\n  return 1.0\nmetrics = {'tired': tired}"))
    asked: list[object] = []

    def stop(*found: object) -> None:
        asked.extend(found)
        raise StopAsyncIteration

    def stop_orders(place: object, orders: Iterable[Order]) -> None:
        stop(*(order.settings.own for order in orders))

    lesson = load_lesson("smile_training")
    for part, replaced, ask in (
        ("robustness.compute._Runs.levels", lambda runs, *rest: stop(runs.scenario.own),
         lambda: simsvc.robust("classroom", own=own, metrics=["tired"])),
        ("runs.executors.base.Executor.in_order", stop_orders,
         lambda: simsvc.validate(["standard_erodes"], own=own)),
        ("demo.trying.Session", lambda beginning: stop(beginning.scenario.own), lambda: try_lesson(*lesson, own=own)),
    ):  # fmt: skip
        monkeypatch.setattr(f"simsvc.{part}", replaced)
        before = len(asked)
        with pytest.raises(StopAsyncIteration):
            ask()
        assert len(asked) > before
    offer = Offer("classroom", with_own(load_scenario("classroom"), own), ("flat", "inverted"), None, {})
    asked += [one.own for one in offer.scenarios.values()]
    assert set(asked) == {own}


def test_a_file_is_found_again_although_somebody_has_put_back_the_modules_of_before(tmp_path: Path) -> None:
    own = load_own(written(tmp_path, "def tired(model, days):\n    return 2.0\nmetrics = {'tired': tired}"))
    name = own.metrics["tired"].__module__
    del sys.modules[name]
    assert own.metrics["tired"].__module__ == name
    assert name in sys.modules


def test_another_edition_of_a_file_keeps_its_compiled_code_apart() -> None:
    """What is kept on the disk names the module of a rule, and that of an earlier edition is no longer there."""
    text = "def training_felt(days):\n    return min(days / 12.0, 1.0)\nrules = {'training_felt': training_felt}\n"
    first, again, edited = (Own("mine.py", one) for one in (text, text, f"{text}# another word\n"))
    assert kept_as(first.rules) == kept_as(again.rules) != ""
    assert kept_as(edited.rules) not in ("", kept_as(first.rules))
