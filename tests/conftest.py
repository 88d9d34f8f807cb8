"""Small organisations for the tests: any valid scenario, and a plain one that is easy to reason about."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from simsvc.cli import app
from simsvc.model.warm import compile_all
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario, sections

# The same examples on every run of continuous integration, new ones on every run at a desk.
hypothesis.settings.register_profile("desk", deadline=None, max_examples=100, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=100, print_blob=True, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")

Command = Callable[..., tuple[int, str, str]]
"""What the fixture `command` gives: exit code, standard output, standard error."""

SMALL = {
    "market.population": 200,
    "market.customers": 120,
    "demand.contacts_per_year": 100.0,
    "workforce.frontline": 6,
    "workforce.departments": 2,
    "workforce.managers": 2,
    "workforce.directors": 1,
}

# With these off, a contact is a wait and a service, nothing else.
BEHAVIOUR_OFF = {
    f"rules.{name}": 0.0
    for name, field in sections()["rules"].model_fields.items()
    if field.json_schema_extra["group"] == "behaviour"
}


LONG = ("tracing", "sweeps", "studies", "show", "robustness", "docs", "model/test_event", "model/test_mechanisms")
"""How paths of tests that take long begin: these come first, so that no core waits for another at the end."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the model once, before tests begin on all cores.

    What tests start must inherit neither a terminal's width nor, from a shell that runs the tests in the background,
    that Ctrl-C is ignored. Looking for garbage takes a tenth of the time, of compiling more: it is done less often.
    """
    gc.set_threshold(50_000)
    os.environ.pop("COLUMNS", None)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        compile_all(print)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests of the page, of sweeps and of clusters wait for other processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first."""
    long = tuple(str(Path(__file__).parent / name) for name in LONG)
    items.sort(key=lambda item: not str(item.path).startswith(long))


def pytest_collection_finish() -> None:
    """No test need look for garbage in what all tests share."""
    gc.freeze()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """The program in an empty folder, without a process: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["simsvc", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            app.main()
        printed = capsys.readouterr()
        return int(stopped.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def small() -> Callable[..., Scenario]:
    """A small organisation under load; settings by full name change it."""

    def scenario(settings: dict[str, Any] | None = None, **levers: Any) -> Scenario:
        changes = {f"structure.{name}": value for name, value in levers.items()}
        return load_scenario("contact_centre", {**SMALL, **(settings or {}), **changes})

    return scenario


@pytest.fixture
def organisation(small: Callable[..., Scenario]) -> Callable[..., ServiceOrganization]:
    """A model of a small organisation; the seed is 1 unless said otherwise."""

    def model(settings: dict[str, Any] | None = None, *, rng: int = 1, **levers: Any) -> ServiceOrganization:
        return ServiceOrganization(small(settings, **levers), rng=rng)

    return model


# Ranges narrower than those of the settings: sizes, so that an example takes milliseconds.
_SIZES = {
    "market.population": (0, 300),
    "market.ties": (0, 20),
    "workforce.frontline": (1, 12),
    "workforce.departments": (1, 5),
    "workforce.managers": (0, 6),
    "workforce.directors": (0, 3),
    "operations.causes": (0, 5),
}
_APART = {"market.customers", "demand.profile", "workforce.shift_profile", "operations.service_profile"}


def _values(model: Any, section: str, name: str) -> st.SearchStrategy[Any] | None:
    """Values of a setting, its extremes included; None for what is drawn apart."""
    full, field = f"{section}.{name}", model.model_fields[name]
    if full in _APART or name.startswith("share_") or section in ("run", "timeline"):
        return None
    extra = field.json_schema_extra
    if "low" not in extra:
        options = [True, False] if field.annotation is bool else list(field.annotation.__args__)
        return st.sampled_from(options)
    low, high = _SIZES.get(full, (extra["low"], extra["high"]))
    if field.annotation is int:
        return st.integers(int(low), int(high))
    # both ends, the default, a value of the size that is usual, and anything
    usual = min(max(2.0 * float(field.default), low), high)
    return st.one_of(
        st.sampled_from([float(low), float(high), float(field.default)]),
        st.floats(float(low), float(usual), allow_subnormal=False),
        st.floats(float(low), float(high), allow_subnormal=False),
    )


_STRATEGIES = {
    f"{section}.{name}": values
    for section, model in sections().items()
    for name in model.model_fields
    if (values := _values(model, section, name)) is not None
}
_ALWAYS = ("market.population", "workforce.frontline", "workforce.departments", "workforce.managers")


@st.composite
def scenarios(draw: Any, **fixed: Any) -> Scenario:
    """Any valid scenario of a small size: most settings at their defaults, some at any value allowed.

    Args:
        draw: from Hypothesis.
        fixed: values by full name with `__` for the dot.
    """
    chosen = draw(st.lists(st.sampled_from(sorted(_STRATEGIES)), unique=True, max_size=25))
    settings = {name: draw(_STRATEGIES[name]) for name in dict.fromkeys([*_ALWAYS, *chosen])}
    settings["workforce.departments"] = min(settings["workforce.departments"], settings["workforce.frontline"])
    if draw(st.booleans()):
        settings["demand.contacts_per_year"] = draw(st.floats(0, 250, allow_subnormal=False))
    settings["market.customers"] = draw(st.integers(0, settings["market.population"]))
    if draw(st.booleans()):
        profile = draw(st.lists(st.floats(0, 10, allow_subnormal=False), min_size=1, max_size=8))
        settings["demand.profile"] = [*profile, 1.0]
    if draw(st.booleans()):
        shares = draw(st.lists(st.sampled_from([0.0, 0.3, 0.5, 1.0]), min_size=1, max_size=8))
        settings["workforce.shift_profile"] = [*shares, draw(st.floats(0.1, 1.0))]
        settings["operations.service_profile"] = draw(st.lists(st.floats(0.01, 5), min_size=1, max_size=8))
    if draw(st.booleans()):
        weights = np.array(draw(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=5, max_size=5))) + 1e-9
        shares = weights / weights.sum()
        for name, share in zip(("control", "coaching", "floor", "causes"), shares, strict=False):
            settings[f"structure.share_{name}"] = float(share)
    settings.update({name.replace("__", "."): value for name, value in fixed.items()})
    return load_scenario("contact_centre", settings)
