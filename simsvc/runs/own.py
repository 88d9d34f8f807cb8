"""A user's file of own rules, phases and metrics: read once, tried before the first run, known by its hash.

The file is Python. It names any of::

    rules = {"people_told": people_told}       # functions in place of ours of the same name
    columns = {"temper": (float, 0.2, "How easily it is upset, 0-1")}      # of customers: type, first value, meaning
    metrics = {"tired": tired}                 # functions of the model and its measured days, each gives a number
    def phases(day): day.insert("bonus", bonus, after="staff_evening")     # or day.replace, day.drop

A scenario carries it (`with_own`) wherever it goes: into every order, to other processes, into identities of runs
and manifests. No scenario or design file can name one, since reading it runs what stands in it.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import math
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.core.errors import NumbaError

from simsvc.errors import InputError, nearest
from simsvc.model.agents import Customer
from simsvc.model.compiling import called_alone, columns_wanted, our_rule, rule_names, substitute
from simsvc.model.phases import Phases
from simsvc.model.start import OWN_TYPES
from simsvc.runs.metrics import METRICS
from simsvc.scenario.carried import OwnColumns
from simsvc.scenario.explaining import at
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario

NAMES = ("rules", "phases", "metrics", "columns")
TRIALS = 200
"""Calls of each own rule before the first run."""
_lock = threading.Lock()


@dataclass(frozen=True)
class Own:
    """What a user's file says. Equal to another one if and only if the sources are the same.

    Args:
        path: of the file, for messages.
        source: its text.
    """

    path: str = field(compare=False)
    source: str

    @functools.cached_property
    def sha256(self) -> str:
        """Hash of the source."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        return Own, (self.path, self.source)  # functions are made anew in the other process

    @property
    def rules(self) -> Mapping[str, Callable[..., Any]]:
        """Functions in place of rules of the same name."""
        return getattr(_module(self), "rules", {})

    @property
    def columns(self) -> OwnColumns:
        """Own columns of customers: type, value that everybody begins with, and meaning by name."""
        return getattr(_module(self), "columns", {})

    @property
    def metrics(self) -> Mapping[str, Callable[..., Any]]:
        """Functions of the model and its measured days (rows of `simsvc.model.rows.DAY`) by name of the metric."""
        return getattr(_module(self), "metrics", {})

    def change_day(self, day: Phases) -> None:
        """Insert, replace and drop phases."""
        getattr(_module(self), "phases", _as_it_is)(day)

    def measure(self, model: Any, days: Any) -> dict[str, float]:
        """Own metrics of a run; NaN where one has no value.

        Raises:
            InputError: if one fails or gives no number.
        """
        found = {}
        for name, metric in self.metrics.items():
            try:
                found[name] = float(metric(model, days))
            except Exception as error:
                raise self.wrong(error, f"metric '{name}': ") from None
            if math.isinf(found[name]):
                raise InputError(f"{self.path}: metric '{name}' gives infinity; NaN says that it has no value")
        return found

    def wrong(self, error: BaseException, what: str = "") -> InputError:
        """An error in the file as one line, with the line where it arose."""
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.path]
        line = error.lineno if isinstance(error, SyntaxError) and error.filename == self.path else (lines or [0])[-1]
        said = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
        kind = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
        return InputError(f"{at(self.path, line or 0)}: {what}{kind}{said}")

    def line_of(self, name: str) -> int:
        """Line that names something in quotes; 0 if there is none."""
        quoted = re.compile(rf"""["']{re.escape(name)}["']""")
        return next((k for k, line in enumerate(self.source.splitlines(), 1) if quoted.search(line)), 0)


def _as_it_is(day: Phases) -> None:
    """The day of a file that changes no phases."""


@functools.lru_cache(maxsize=32)
def _run_file(own: Own) -> ModuleType:
    module = ModuleType(f"simsvc_own_{own.sha256[:16]}", f"What {own.path} says.")
    module.__file__ = own.path
    sys.modules[module.__name__] = module  # its functions are found by name when a model is copied
    try:
        exec(compile(own.source, own.path, "exec"), vars(module))  # what the user asked for, see SECURITY.md
    except Exception as error:
        del sys.modules[module.__name__]
        raise own.wrong(error) from None
    return module


def _module(own: Own) -> ModuleType:
    """The file as a module, the same for all models of a process, so that rules are compiled once."""
    with _lock:
        module = _run_file(own)
        sys.modules[module.__name__] = module  # whoever has put back the modules of an earlier time has lost it
        return module


def load_own(file: str | Path | Own) -> Own:
    """Read a file of own rules, phases and metrics, which runs it, and try what it says.

    Raises:
        InputError: in one line, for a file that cannot be used and for a rule that gives what it must not.
    """
    own = _read(file)
    _tried(own)
    return own


def _read(file: str | Path | Own) -> Own:
    if isinstance(file, Own):
        return file
    try:
        return Own(str(file), Path(file).read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: cannot be read: is no text in UTF-8") from None


def own_as_recorded(manifest: Mapping[str, Any], file: str | Path | Own | None) -> Own | None:
    """The own file that results were made with; a manifest names it, but only the user has it run.

    Raises:
        InputError: if they were made with another one, with none, or none is given.
    """
    made = manifest.get("own_rules")
    if made is None or file is None:
        if made:
            raise InputError(
                f"it was made with own rules, {made['file']}, SHA-256 {made['sha256'][:12]}: name the file with --with"
            )
        if file is not None:
            raise InputError(f"--with {getattr(file, 'path', file)}: it was made without own rules; leave that out")
        return None
    own = _read(file)
    if own.sha256 != made["sha256"]:
        raise InputError(
            f"{own.path}: is another file than it was made with (SHA-256 {own.sha256[:12]}, then {made['sha256'][:12]})"
        )
    return load_own(own)


def with_own(scenario: Scenario | str | Path, own: str | Path | Own | None) -> Scenario:
    """The scenario, or the one of that name or file, with own rules, phases and metrics; as it is if there are none."""
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    return scenario if own is None else scenario.carrying(load_own(own))


@functools.lru_cache(maxsize=32)
def _tried(own: Own) -> None:
    """Refuse a file before anything runs under it."""
    module = _module(own)
    if not any(getattr(module, name, None) for name in NAMES):
        raise InputError(f"{own.path}: names nothing: needs any of {', '.join(NAMES)}")
    for kind, valid in (("rules", rule_names()), ("metrics", None)):
        named = getattr(module, kind, {})
        if not isinstance(named, Mapping) or not all(isinstance(name, str) for name in named):
            raise InputError(f"{own.path}: {kind} should be a dictionary of functions by name")
        for name, function in named.items():
            where = at(own.path, own.line_of(name))
            if not callable(function):
                raise InputError(f"{where}: {kind}['{name}'] should be a function")
            if valid is not None and name not in valid:
                raise InputError(
                    f"{where}: there is no rule '{name}'{nearest(name, valid)}; 'simsvc.rule_names()' lists all"
                )
    for name in own.metrics:
        if name in METRICS or not name.isidentifier():
            why = "is a metric of the program" if name in METRICS else "should be a word of letters, digits and _"
            raise InputError(f"{at(own.path, own.line_of(name))}: metric '{name}': {why}; choose another name")
    _check_columns(own, own.columns)
    if not callable(getattr(module, "phases", _as_it_is)):
        raise InputError(f"{own.path}: phases should be a function of the day: day.insert, day.replace, day.drop")
    try:
        substitute({}, own.rules, tuple(own.columns))  # looks at their arguments
        for name, function in own.rules.items():
            _try_rule(own, name, function)
        own.change_day(Phases(own.rules, own.columns))
    except InputError as error:
        raise error if str(error).startswith(own.path) else own.wrong(error) from None
    except Exception as error:
        raise own.wrong(error) from None


def _check_columns(own: Own, columns: Any) -> None:
    if not isinstance(columns, Mapping):
        raise InputError(f"{own.path}: columns should be a dictionary of type, first value and meaning by name")
    for name, column in columns.items():
        where = f"{at(own.path, own.line_of(str(name)))}: column '{name}'"
        if not (isinstance(name, str) and re.fullmatch(r"[a-z]\w*", name)) or hasattr(Customer, name):
            raise InputError(f"{where}: should be a word in small letters that nothing of a customer is called yet")
        if not (isinstance(column, tuple) and len(column) == 3 and column[0] in OWN_TYPES):
            raise InputError(f"{where}: should be (type, first value, meaning); types: float, int")
        kind, first, meaning = column
        whole = isinstance(first, int) and not isinstance(first, bool)
        if not (whole or (kind is float and isinstance(first, float))) or not -1e15 < first < 1e15:
            raise InputError(f"{where}: first value {first!r}: should be a finite {kind.__name__}")
        if not (isinstance(meaning, str) and meaning):
            raise InputError(f"{where}: the meaning should be said in words")


def _try_rule(own: Own, name: str, function: Callable[..., Any]) -> None:
    """Call an own rule with arguments for which ours gives what it should, and see that it does so, too."""
    python = function.py_func if isinstance(function, Dispatcher) else function
    where = f"{at(own.path, python.__code__.co_firstlineno)}: rule '{name}'"
    ours, theirs = our_rule(name), called_alone(function)
    parameters = list(inspect.signature(ours.py_func).parameters.values())
    free = [one for one in parameters if one.default is inspect.Parameter.empty]
    fixed = [one.default for one in parameters[len(free) :]]
    wanted, _ = columns_wanted(python, ours.py_func, tuple(own.columns)) or ((), False)
    length = len(inspect.signature(python).parameters) - len(wanted)
    beside = [own.columns[name][1] for name in wanted]
    told = inspect.getdoc(ours.py_func) or ""
    least = 0.0 if re.search(r"\b(rate|chance|probability)\b", told.splitlines()[0], re.I) else -math.inf
    random = np.random.default_rng(1)
    for _ in range(TRIALS):
        values = [_drawn(random, one, told) for one in free]
        if not (math.isfinite(right := float(ours(*values, *fixed))) and right >= least):
            continue
        try:
            found = float(theirs(*[*values, *fixed][:length], *beside))
        except NumbaError as error:
            said = next((line for line in str(error).splitlines()[1:] if line.strip()), str(error))
            raise InputError(f"{where} cannot be compiled: {' '.join(said.split())}") from None
        except Exception as error:
            raise own.wrong(error, f"rule '{name}' fails for {_written(free, values)}: ") from None
        if not math.isfinite(found) or found < least:
            what = "is no finite number" if not math.isfinite(found) else "is below 0"
            raise InputError(f"{where} gives {found:.4g} for {_written(free, values)}, which {what}")


def _written(parameters: list[inspect.Parameter], values: list[Any]) -> str:
    return ", ".join(f"{one.name} = {value:.4g}" for one, value in zip(parameters, values, strict=True))


def _drawn(random: np.random.Generator, parameter: inspect.Parameter, told: str) -> Any:
    """A value of an argument: within 0-1, ends included, if the rule's docstring says so; else above 0."""
    said = re.search(rf"^\s*{parameter.name}: (.*)$", told, re.M)
    if parameter.annotation == "bool":
        return bool(random.integers(2))
    if parameter.annotation == "int":
        return int(random.integers(4))
    if parameter.name == "strength":
        return float(random.choice([0.0, 0.5, 1.0, 2.0]))
    if said and "-1" in said[1] and "0-1" not in said[1]:
        return float(random.uniform(-1, 1))
    if parameter.name == "u" or (said and "0-1" in said[1]):
        return float(np.clip(random.uniform(-0.05, 1.05), 0, 1))
    is_long = said and parameter.name in ("days", "minutes") and "per " not in said[1]
    return float(10.0 ** random.uniform(-2, 3 if is_long else 1))
