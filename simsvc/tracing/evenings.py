"""Why the morale of a member of staff moved today: what each resource and demand made of it.

The model's own evening is lived through once more on copies, with one thing at a time as in an ordinary
job. The difference to what happened is what that thing did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

ORDINARY: dict[str, dict[str, dict[str, float]]] = {
    # resources: with its rule off, each is what it is in an ordinary job
    "support": {"settings": {"rule_support": 0.0}},
    "recognition": {"settings": {"rule_recognition": 0.0}},
    "colleagues": {"settings": {"rule_colleagues": 0.0}},
    "customers": {"settings": {"rule_gratitude": 0.0}},
    "challenge": {"settings": {"rule_challenge": 0.0}},
    "training": {"settings": {"rule_training": 0.0}},
    "pay": {"settings": {"rule_pay": 0.0}},
    "empowerment": {"staff": {}},  # autonomy as it is felt in an ordinary job, by the coefficients of the model
    "answers to reports": {"settings": {"rule_answers": 0.0}},
    # demands: none at all
    "work": {"settings": {"rule_overload": 0.0}},
    "refusals": {"settings": {"rule_refusals": 0.0}},
    "own decisions": {"staff": {"overreach": 0.0}},
    "obstacles": {"settings": {"rule_obstacles": 0.0}},
    "smiling": {"staff": {"acting": 0.0}},
    "control": {"settings": {"rule_control": 0.0}},
    "unclear limits": {"settings": {"rule_ambiguity": 0.0}},
    "promises": {"settings": {"rule_broken_promise": 0.0}},
}
"""What to change, in which rows, for something to be as in an ordinary job."""


def what_moved_morale(model: Engine, before: Any, after: Any) -> dict[str, float]:
    """What each resource and demand did to tonight's morale, by name of `ORDINARY`.

    They need not add up to the day's change: rules are not linear, and morale drifts in an ordinary job too.
    The model is between the staff's evening, to which `before` and `after` belong, and the managers' day.
    """
    if not lives_as_usual(model):
        return {}
    autonomy = {"empowerment": float(model.state.p["tempering"]["typical_autonomy"][0])}
    changes = {**ORDINARY, "empowerment": {"staff": autonomy}}
    return {name: float(after["morale"]) - morale_tonight(model, before, **rows) for name, rows in changes.items()}


def lives_as_usual(model: Engine) -> bool:
    """Whether the staff's evening is that of this package, and not one that a script has put in its place."""
    return "live_through" in _names(model)


def morale_tonight(model: Engine, before: Any, **changes: dict[str, float]) -> float:
    """Morale of a member of staff after an evening with some things changed, 0-1.

    Args:
        model: between the staff's evening and the managers' day.
        before: row of the member of staff before the evening.
        changes: values by field, for `settings`, `staff` and `department`.
    """
    state, home = model.state, int(before["department"])
    rows = {
        "settings": state.p,
        "organisation": state.organisation,
        "lever": state.levers[home : home + 1],
        "department": state.departments[home : home + 1],
        "staff": np.array([before]),
    }
    copies = [_record(row, changes.get(name, {})) for name, row in rows.items()]
    _names(model)["live_through"].py_func(*copies)
    return float(copies[-1].morale)


def _names(model: Engine) -> dict[str, Any]:
    """What the phase of the staff's evening calls, by name, with a user's rules in their places."""
    function = model.phases["staff_evening"].function
    return getattr(function, "py_func", function).__globals__


def _record(row: Any, values: dict[str, float]) -> Any:
    """A copy of the one row of a table, with some fields set; fields are its attributes, as in compiled code."""
    copy = row.copy()
    for name, value in values.items():
        copy[name] = value
    return copy.view(np.recarray)[0]
