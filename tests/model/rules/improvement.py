"""Causes of failure: removed by work, growing back by themselves."""

from math import exp

VALUES = {
    "prevalence_after_work": (
        dict(prevalence=0.1, minutes=500.0, effort=1000.0, strength=1.0),
        [
            ("half the effort", {}, 0.1 * exp(-0.5)),
            ("at twice the strength all of it: about a third is left", dict(strength=2.0), 0.1 * exp(-1)),
        ],
    ),
    "prevalence_after_drift": (
        dict(prevalence=0.04, base=0.1, drift=0.5),
        [
            ("one day of 250 on the way back", {}, 0.04 + 0.06 * (1 - exp(-0.002))),
            ("an untouched cause stays", dict(prevalence=0.1), 0.1),
            ("one worse than untouched gets better", dict(prevalence=0.2), 0.2 - 0.1 * (1 - exp(-0.002))),
        ],
    ),
}
