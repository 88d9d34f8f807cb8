"""Word of mouth: from shifts of purchase probability to what good and bad words are worth.

    python experiments/evidence/words.py

A good word raises the probability of purchase by 20 points in the mean, a bad one lowers it by 11 (East, Hammond &
Lomax 2008). The unit of both coefficients is the model's own, so that their ratio is all that follows.
"""

from __future__ import annotations

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of


def derive(seen: States) -> list[Derived]:  # algebra alone
    """Worth of a bad word, given that of a good one."""
    good = value_of("word_of_mouth.good_word")
    return [
        Derived(
            "word_of_mouth.bad_word", [good * 0.11 / 0.20, good * 0.08 / 0.19, good * 0.47 / 0.39],
            "+20 points of purchase probability by a good word, -11 by a bad one; by trade from 19 and 8 to 39 and 47",
            "East, Hammond & Lomax 2008, as quoted", ("EastHammondLomax2008",), "secondary",
            "its worth at the published ratio to a good word",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
