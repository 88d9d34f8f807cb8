"""Why staff leave: from correlations and elasticities to the slopes of the rate of quitting.

    python experiments/evidence/turnover.py

Job satisfaction and leaving within a year correlate by -.19 (Griffeth, Hom & Gaertner 2000). The rule's three slopes
are multiplied by one factor until morale and leaving correlate as much among the model's own staff, with as many
leavers.
"""

from __future__ import annotations

import numpy as np

from simsvc.evidence.derivations import Derived, States, derive_alone, solved, value_of


def correlation_with(factor: float, morale: np.ndarray, mood: np.ndarray, leavers: float) -> float:
    """Correlation of morale and leaving (0 or 1) if the slopes of the rate are so many times as steep."""
    shape = np.exp(factor * mood)

    def share(base: float) -> float:
        return float(np.mean(1 - np.exp(-base * shape)))

    chance = 1 - np.exp(-solved(share, leavers, 1e-6, 50.0) * shape)
    return float(np.mean((morale - morale.mean()) * chance) / (morale.std() * np.sqrt(leavers * (1 - leavers))))


def derive(seen: States) -> list[Derived]:
    """Slopes by morale and commitment, and the elasticity to pay."""
    staff = seen["staff"]
    morale, commitment, tired = (staff[name].astype(float) for name in ("morale", "commitment", "exhaustion"))
    slopes = {name: value_of(f"turnover.quitting_{name}") for name in ("morale", "commitment", "exhaustion")}
    mood = -slopes["morale"] * morale - slopes["commitment"] * commitment + slopes["exhaustion"] * tired
    mood -= mood.mean()
    leavers = 1 - np.exp(-seen["settings"].workforce.quit_rate)
    factor = [solved(lambda f: correlation_with(f, morale, mood, leavers), r, 0.0, 12.0) for r in (-0.19, -0.10, -0.28)]
    how = "one factor on the three slopes of the rate of quitting, among the model's staff, moods kept for a year"
    griffeth = ("r = -.19 of satisfaction and leaving, -.10 to -.28", "Griffeth, Hom & Gaertner 2000, as quoted",
                ("GriffethHomGaertner2000",), "secondary", how)  # fmt: skip
    return [
        *(
            Derived(f"turnover.quitting_{name}", [slopes[name] * f for f in factor], *griffeth)
            for name in ("morale", "commitment", "exhaustion")
        ),
        Derived(
            "turnover.pay_elasticity", [2.5, 2.0, 3.0],
            "elasticity of quits to pay of 2 to 3 where pay varied by chance",
            "Economic Policy Institute 2022", ("EPI2022",), "abstract", "the number itself",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
