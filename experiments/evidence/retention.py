"""Satisfaction and retention: from a slope of retention to the slope of the rate of leaving.

    python experiments/evidence/retention.py

Ten points of satisfaction on a scale of 100 went with about two points more retention (Ittner & Larcker 1998). In the
model d retention = - retention d rate, and the rate is exponential in satisfaction and loyalty, which go together.
Surveys spread more than the model's satisfaction does: the high end has the published slope per standard deviation.
"""

from __future__ import annotations

import numpy as np

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of
from simsvc.scenario.calendar import DAYS_PER_YEAR

SLOPE = 0.21
"""Retention per whole scale of satisfaction."""
SPREAD = 0.18
"""Standard deviation of satisfaction among respondents, as a share of the scale: an ordinary survey's."""


def derive(seen: States) -> list[Derived]:
    """Slope of satisfaction in the rate of leaving."""
    customers = seen["customers"]
    satisfaction, loyalty = (customers[name].astype(float) for name in ("satisfaction", "loyalty"))
    rate = DAYS_PER_YEAR * float(customers["leave_rate"].mean())
    kept = np.exp(-rate - seen["settings"].market.neutral_churn)
    with_it = value_of("leaving.attitude") * np.polyfit(satisfaction, loyalty, 1)[0]
    plain, standard = (SLOPE * f / (rate * kept) - with_it for f in (1.0, SPREAD / satisfaction.std()))
    return [
        Derived(
            "leaving.satisfaction", [(plain + standard) / 2, plain, standard],
            "ten points of 100 of satisfaction, two of retention", "Ittner & Larcker 1998",
            ("IttnerLarcker1998",), "memory",
            "slope of retention over the part of the rate that satisfaction moves, less what loyalty does with it; "
            "low: per point, high: per standard deviation",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
