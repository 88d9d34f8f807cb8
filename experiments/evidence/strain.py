"""Strain: from correlations and ratios to what demands do to exhaustion, and exhaustion to errors.

    python experiments/evidence/strain.py

Workload and exhaustion correlate by about .5 (Alarcon 2011: .49; Lee & Ashforth 1996: .65). Within one firm of the
model nearly all are equally exhausted, so that both spreads are those of surveys: exhaustion a fifth of its scale,
load 15 to 20 % over jobs. Depressed residents made 6.2 times as many errors, the burnt out no more than others
(Fahrenkopf et al. 2008). Among 6,586 physicians the odds of a major error were 2.22 times as high for the burnt out
and, beside that, 1.38 times as high for the tired (Tawfik et al. 2018).
"""

from __future__ import annotations

import math

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of

EXHAUSTION = 0.2
"""Standard deviation of exhaustion over people, as a share of the scale (Maslach's norms, from memory)."""


def derive(seen: States) -> list[Derived]:
    """Slope of demands in exhaustion, errors of the worn out, and the part of exhaustion in them."""
    mean = float(seen["staff"]["exhaustion"].mean())
    logits = EXHAUSTION / (mean * (1 - mean))

    def slope(correlation: float, load: float) -> float:
        return correlation * logits / (value_of("morale.overload_per_load") * load)

    def of_morale(burnt_out: float, tired: float) -> float:
        return math.log(burnt_out) / math.log(burnt_out * tired)

    fahrenkopf = ("Fahrenkopf et al. 2008", ("FahrenkopfEtAl2008",), "abstract")
    return [
        Derived(
            "morale.exhaustion_demands", [slope(0.49, 0.15), slope(0.49, 0.2), slope(0.65, 0.15)],
            "r = .49 of workload and exhaustion, or .65", "Alarcon 2011; Lee & Ashforth 1996",
            ("Alarcon2011", "LeeAshforth1996"), "memory",
            "correlation times the spread of exhaustion in logits over that of strain from load",
        ),
        Derived("encounter.more_errors", [6.2 - 1, 0.57 / 0.25 - 1, 4.22 / 0.25 - 1],
                "1.55 errors a month of the depressed [0.57, 4.22], 0.25 of others", *fahrenkopf, "ratio less one"),
        Derived("encounter.morale_in_strain", [of_morale(2.22, 1.38), of_morale(1.79, 1.65), 1.0],
                "odds of errors of the burnt out 2.22 [1.79, 2.76], of the tired 1.38 [1.15, 1.65]",
                "Tawfik et al. 2018; Fahrenkopf et al. 2008", ("TawfikEtAl2018", "FahrenkopfEtAl2008"), "abstract",
                "share of burn-out in the logarithms of both odds; high: none of it exhaustion, as among residents"),
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
