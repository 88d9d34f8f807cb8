"""How a customer takes an encounter: outcome, procedure and manner: coefficients of `model/rules/justice.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Justice(Section):
    """How a customer takes an encounter: outcome, procedure and manner."""

    # fmt: off
    unresolved: float = coefficient(0.1, 0.0, 0.25, "0-1", "guess",
        "Outcome as felt by a customer whose matter is not settled.")
    only_trying: float = coefficient(0.35, 0.2, 0.5, "0-1", "guess",
        "Outcome as felt by a customer who is refused what was not due.")
    quality_in_work: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Weight of quality in what is felt of the work; the rest is that of fit.")
    work_after_failure: float = coefficient(0.3, 0.15, 0.45, "0-1", "guess",
        "What perfect work adds to the outcome after a failure.")
    remedy_after_failure: float = coefficient(0.65, 0.5, 0.8, "0-1", "guess",
        "What a full remedy adds to the outcome after a failure.")
    harm_of_too_much: float = coefficient(0.3, 0.15, 0.6, "ratio", "guess",
        "How fast the value of a remedy falls beyond full compensation, per square of the excess.",
        "H12: direction; size assumed")
    wish_refused: float = coefficient(0.4, 0.2, 0.6, "0-1", "guess",
        "What perfect work is worth to a customer whose wish is not granted.")
    settled: float = coefficient(0.15, 0.05, 0.3, "0-1", "guess",
        "Outcome as felt when a matter is settled by the worst of work.")
    typical_procedure: float = coefficient(0.75, 0.5, 0.9, "0-1", "guess",
        "Procedural justice where the rule of waiting is off.")
    repetition: float = coefficient(0.45, 0.2, 0.9, "ratio", "guess",
        "Burden of each further contact; 1: as waiting as long as is tolerated.")
    telling_anew: float = coefficient(0.2, 0.1, 0.4, "ratio", "guess",
        "Burden of having to tell the case anew; 1: as waiting as long as is tolerated.")
    unguided_latitude: float = coefficient(1.2, 1.0, 2.0, "ratio", "guess",
        "How unequally like cases are treated under full latitude without any clarity.", at_least=1.0)
    unclear_limits: float = coefficient(0.5, 0.25, 1.0, "ratio", "guess",
        "How unequally like cases are treated where nobody knows the limits and nobody has latitude.")
    comparison: float = coefficient(0.2, 0.1, 0.4, "0-1", "guess",
        "Part of procedural justice that unequal treatment takes at its worst.")
    gesture: float = coefficient(0.12, 0.06, 0.24, "0-1", "guess",
        "What a full unexpected gesture adds to an encounter.")
    outcome: float = coefficient(0.45, 0.35, 0.55, "0-1", "order",
        "Weight of the outcome in a single encounter; procedure has what outcome and manner leave.",
        "Orsingher, Valentini & de Angelis 2010; Gelbrich & Roschk 2011, abstracts: outcome first; size assumed",
        at_least=0.2, at_most=0.6)
    manner: float = coefficient(0.3, 0.2, 0.4, "0-1", "order",
        "Weight of courtesy in a single encounter.",
        "Orsingher, Valentini & de Angelis 2010; Gelbrich & Roschk 2011, abstracts: after outcome; size assumed",
        at_most=0.4)
    lasting_outcome: float = coefficient(0.35, 0.25, 0.45, "0-1", "derived",
        "Weight of the outcome in the lasting attitude; procedure has what outcome and manner leave.",
        "Gelbrich & Roschk 2011, abstract: slightly after manner; that procedure has a quarter is assumed",
        at_most=0.45)
    lasting_manner: float = coefficient(0.4, 0.3, 0.5, "0-1", "derived",
        "Weight of courtesy in the lasting attitude.",
        "Gelbrich & Roschk 2011, abstract: slightly before outcome; that procedure has a quarter is assumed",
        at_most=0.55)
    courtesy_unserved: float = coefficient(0.5, 0.3, 0.7, "0-1", "guess",
        "Courtesy as felt by a customer whom nobody served.")


JUSTICE = plain_numbers(Justice())
