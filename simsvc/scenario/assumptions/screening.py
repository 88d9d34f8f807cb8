"""Telling good claims from bad: coefficients of `model/rules/screening.py`."""

from __future__ import annotations

import math

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Screening(Section):
    """Telling good claims from bad, with both kinds of error."""

    # fmt: off
    evidence: float = coefficient(math.log(0.8 / 0.2), math.log(0.7 / 0.3), math.log(0.9 / 0.1), "logits", "guess",
        "What a case tells a judge of accuracy 1; as published 0.8 of the justified and 0.2 of the unjustified pass.",
        "form: Sah & Stiglitz 1986; value assumed")
    passed_up_in_doubt: float = coefficient(0.8, 0.4, 1.6, "logits", "guess",
        "How much more lenient whoever has not the last word is, under any chart.")
    dropped: float = coefficient(0.3, 0.15, 0.6, "0-1", "order",
        "Share of unjustified claims that are dropped when the customer hears they have to go up.",
        "Dukes & Zhu 2019, abstract: direction, from a model of theirs")
    leniency_per_strictness: float = coefficient(4.0, 2.0, 8.0, "logits/point", "guess",
        "How much leniency a chart takes from whoever judges, per point of strictness.")
    strictness_of_misaligned: float = coefficient(1.5, 0.75, 3.0, "logits", "guess",
        "How much stricter an approver is who is after nothing that the firm is after.")
    control_minutes: float = coefficient(15.0, 7.5, 30.0, "min", "guess",
        "Minutes of being checked per head and day that are a close watch.")
    # over-granting face to face
    over_granting: float = coefficient(1.2, 0.6, 2.4, "logits", "guess",
        "What face to face adds to leniency where nothing holds it back and nobody praises service.")
    granted_for_praise: float = coefficient(1.0, 0.5, 2.0, "logits/point", "guess",
        "What recognition of service adds to it.")
    held_back_by_aim: float = coefficient(1.5, 0.75, 3.0, "logits/point", "guess",
        "How much of it a clear vision and clear limits hold back.")
    held_back_by_ownership: float = coefficient(0.5, 0.25, 1.0, "logits/point", "guess",
        "How much of it felt empowerment holds back.")
    held_back_by_watch: float = coefficient(1.0, 0.5, 2.0, "logits/point", "guess",
        "How much of it a close watch holds back.")
    # accuracy of a judge, a product of three parts
    accuracy: float = coefficient(1.5, 0.75, 3.0, "ratio", "guess", "Accuracy of a judge where all three parts are 1.")
    accuracy_unskilled: float = coefficient(0.4, 0.2, 0.8, "ratio", "guess",
        "Part of it that a judge without any skill has.")
    accuracy_of_skill: float = coefficient(0.8, 0.4, 1.6, "1/point", "guess", "Part of it that skill adds.")
    accuracy_uninformed: float = coefficient(0.3, 0.15, 0.6, "ratio", "guess",
        "Part of it that is left where nothing is known of the case.")
    accuracy_of_information: float = coefficient(0.7, 0.35, 1.4, "1/point", "guess",
        "Part of it that knowledge of the case adds.")
    accuracy_unclear: float = coefficient(0.8, 0.4, 1.6, "ratio", "guess",
        "Part of it that is left where vision and limits are unclear.")
    accuracy_of_clarity: float = coefficient(0.3, 0.15, 0.6, "1/point", "guess", "Part of it that clarity adds.")


SCREENING = plain_numbers(Screening())
