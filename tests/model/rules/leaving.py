"""Why customers leave: reasons of their own, dissatisfaction, incidents."""

from math import exp

VALUES = {
    "rate_of_leaving": (
        dict(base=0.07, satisfaction=0.55, alternative=0.55, loyalty=0.5, switching_cost=0.2, strength=1.0),
        [
            ("the base rate, at the reference", {}, 0.07),
            ("the dissatisfied leave", dict(satisfaction=0.45), 0.07 * exp(0.7)),
            ("a better alternative draws", dict(alternative=0.6), 0.07 * exp(0.35)),
            ("the loyal stay", dict(loyalty=0.7), 0.07 * exp(-0.6)),
            ("who would have to pay for it stays", dict(switching_cost=0.4), 0.07 * exp(-0.6)),
            ("twice", dict(strength=2.0), 0.14),
            ("nobody without the rule", dict(strength=0.0), 0.0),
            ("also at little strength", dict(strength=0.5), 0.035),
            ("nobody without a rate", dict(base=0.0), 0.0),
            ("no rate grows beyond all measure", dict(satisfaction=-1.0, loyalty=0.0), 0.07 * exp(5)),
            ("or vanishes", dict(satisfaction=4.0), 0.07 * exp(-20)),
            ("a rate above one is a rate", dict(base=1.5), 1.5),
        ],
    ),
    "loss_severity": (
        dict(remedy=75.0, large_loss=300.0, exponent=0.5),
        [
            ("a quarter of the money is half as grave", {}, 0.5),
            ("or a quarter, in proportion", dict(exponent=1.0), 0.25),
            ("every loss is grave at the exponent 0", dict(exponent=0.0), 1.0),
            ("a large loss is grave", dict(remedy=900.0), 1.0),
        ],
    ),
    "promptness_felt": (
        dict(days=2.0, strength=1.0),
        [
            ("two days halve it", {}, 0.5),
            ("at once", dict(days=0.0), 1.0),
            ("time does not count without the rule", dict(strength=0.0), 1.0),
            ("and twice as much at double strength", dict(strength=2.0), 1 / 3),
        ],
    ),
    "recovery_felt": (
        dict(complained=True, outcome=0.4, procedure=0.5, promptness=0.8),
        [
            ("put right", {}, 0.12 + 0.4 * (0.49 + 0.332)),
            ("late", dict(promptness=0.0), 0.12 + 0.4 * 0.49),
            ("complaining alone helps", dict(outcome=0.0), 0.12),
            ("at most all is made good", dict(outcome=1.0, procedure=1.0, promptness=1.0), 1.0),
            ("silence makes nothing good", dict(complained=False), 0.0),
        ],
    ),
    "unsettled_by_incident": (
        dict(weight=0.25, strength=1.0),
        [
            ("a newcomer half more", {}, 1.5),
            ("whoever has been there a while", dict(weight=1 / 6), 1.0),
            ("one whom nothing surprises is moved by nothing", dict(weight=0.0), 0.0),
            ("or by double strength", dict(weight=0.05, strength=2.0), 0.0),
            ("everybody alike without the rule", dict(strength=0.0), 1.0),
            ("nearly, at little strength", dict(strength=0.1), 1.05),
        ],
    ),
    "chance_to_leave_at_once": (
        dict(
            severity=0.5,
            recovery=0.4,
            failures=1,
            loyalty=0.5,
            unsettled=1.0,
            incident_churn=0.4,
            second_failure=1.0,
            strength=1.0,
        ),
        [
            ("a second failure counts half more", {}, 0.4 * 0.5 * 0.6 * 1.5 * 1.0),
            ("a first one", dict(failures=0), 0.4 * 0.5 * 0.6),
            ("a third one counts twice", dict(failures=2), 0.4 * 0.5 * 0.6 * 2),
            ("and so do all later ones", dict(failures=7), 0.4 * 0.5 * 0.6 * 2),
            ("half of that", dict(second_failure=0.5), 0.4 * 0.5 * 0.6 * 1.25),
            ("a newcomer leaves sooner", dict(unsettled=1.5), 0.4 * 0.5 * 0.6 * 1.5 * 1.5),
            ("the loyal forgive", dict(loyalty=1.0), 0.4 * 0.5 * 0.6 * 1.5 * 0.7),
            ("half", dict(strength=0.5), 0.2 * 0.5 * 0.6 * 1.5),
            ("surely at most", dict(strength=20.0), 1.0),
        ],
    ),
    "reluctance_to_return": (
        dict(reluctance=2.0, strength=1.0),
        [
            ("twice as hard to win back", {}, 2.0),
            ("half as reluctant", dict(strength=0.5), 1.5),
            ("like anybody", dict(strength=0.0), 1.0),
            ("never less than nothing", dict(reluctance=0.0, strength=3.0), 0.0),
        ],
    ),
}
