"""Justice: from which kind weighs most to the weights in the lasting attitude.

    python experiments/evidence/justice.py

Cumulative satisfaction after a complaint depends on interactional justice "even slightly more" than on distributive
justice (Gelbrich & Roschk 2011). Read as 1.0 to 1.3 times as much, with what both have together in the model.
"""

from __future__ import annotations

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of

RATIO = (1.15, 1.0, 1.3)
"""Weight of manner over that of outcome: middle, low, high."""


def derive(seen: States) -> list[Derived]:  # algebra alone
    """Weights of manner and outcome in the lasting attitude."""
    both = value_of("justice.lasting_manner") + value_of("justice.lasting_outcome")
    facts = (
        "interactional slightly above distributive justice: 1.0 to 1.3 times, our reading", "Gelbrich & Roschk 2011",
        ("GelbrichRoschk2011",), "abstract", "shares of what both have together",
    )  # fmt: skip
    manner = [both * ratio / (1 + ratio) for ratio in RATIO]
    return [
        Derived("justice.lasting_manner", manner, *facts),
        Derived("justice.lasting_outcome", [both - one for one in manner], *facts),
    ]


if __name__ == "__main__":
    derive_alone(derive)
