"""Why customers leave: coefficients of `model/rules/leaving.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Leaving(Section):
    """Why customers leave: reasons of their own, dissatisfaction, incidents."""

    # fmt: off
    satisfaction: float = coefficient(7.0, 3.5, 14.0, "1/point", "guess",
        "How steeply satisfaction against the alternative acts on the logarithm of the rate of leaving.",
        "assumption; Mittal & Kamakura 2001, abstract: repurchase rises ever faster, which this form does not")
    attitude: float = coefficient(3.0, 1.5, 6.0, "1/point", "guess",
        "How steeply loyalty acts on the logarithm of the rate of leaving.")
    switching_cost: float = coefficient(3.0, 1.5, 6.0, "1/point", "guess",
        "How steeply the cost of switching acts on the logarithm of the rate.")
    ordinary_switching_cost: float = coefficient(0.2, 0.1, 0.4, "0-1", "guess",
        "Cost of switching at which the published rates hold.")
    heard: float = coefficient(0.12, 0.06, 0.24, "0-1", "derived",
        "Part of a failure made good by having said so.", "fitted to TARP's ladder of large losses, as quoted")
    settled: float = coefficient(0.49, 0.25, 0.75, "0-1", "derived",
        "Part made good by an outcome that is all that was due, however late.",
        "fitted to TARP's ladder of large losses, as quoted")
    prompt: float = coefficient(0.83, 0.4, 1.0, "0-1", "derived",
        "Part made good beyond that by a fair procedure without delay.",
        "fitted to TARP's ladder of large losses, as quoted")
    prompt_days: float = coefficient(2.0, 1.0, 4.0, "days", "guess",
        "Days until it is settled that halve what promptness is worth.")
    seasoned: float = coefficient(1 / 6, 1 / 12, 1 / 3, "0-1", "guess",
        "Weight of the newest encounter for a customer of some years.")
    second_failure: float = coefficient(0.5, 0.0, 1.0, "ratio", "order",
        "How much more an incident weighs with each earlier failure, up to two.",
        "Maxham & Netemeyer 2002, abstract: direction")
    unforgiving: float = coefficient(1.3, 1.0, 1.6, "ratio", "guess",
        "How much likelier than the mean those without any loyalty leave over an incident.")
    forgiving: float = coefficient(0.6, 0.0, 1.2, "1/point", "guess",
        "How much of that the most loyal forgive.", at_most=2.0)
    reluctance_over_service: float = coefficient(2.0, 1.0, 4.0, "ratio", "guess",
        "Attraction it takes to bring back who left over the service, against somebody who never was a customer.")
    reluctance_neutral: float = coefficient(1.0, 0.5, 2.0, "ratio", "guess",
        "The same for who left for reasons that have nothing to do with the service.")
    put_right: float = coefficient(0.6, 0.45, 0.75, "0-1", "guess",
        "Outcome felt from which a complaint counts as put right, and not as in vain.",
        "assumption; TARP's ladders, as quoted, give no limit")
    fast_days: float = coefficient(1.0, 0.5, 2.0, "days", "guess",
        "Working days within which it counts as put right fast.",
        "assumption; TARP's ladders, as quoted, give no limit")


LEAVING = plain_numbers(Leaving())
