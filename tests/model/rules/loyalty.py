"""Attitude, spending, and what a survey would say."""

from math import exp

from simsvc.model.rows import DEFECTOR, HOSTAGE, LOYAL, MERCENARY

VALUES = {
    "loyalty_after": (
        dict(loyalty=0.5, satisfaction=0.6, treatment=0.8, strength=1.0),
        [
            ("7 % of the way to satisfaction and treatment", {}, 0.5 + 0.07 * 0.2),
            ("twice as fast", dict(strength=2.0), 0.5 + 0.14 * 0.2),
            ("no further than there", dict(strength=50.0), 0.7),
            ("ill-treated it falls", dict(satisfaction=0.3, treatment=0.1), 0.5 - 0.07 * 0.3),
        ],
    ),
    "spending_factor": (
        dict(satisfaction=0.7, strength=1.0),
        [
            ("the satisfied spend more", {}, exp(0.12)),
            ("twice as strongly", dict(strength=2.0), exp(0.24)),
            ("the dissatisfied less", dict(satisfaction=0.1), exp(-0.6)),
        ],
    ),
    "chance_of_top_box": (
        dict(experience=0.72),
        [("half of them call this best", {}, 0.5), ("most this", dict(experience=0.82), 1 / (1 + exp(-0.9)))],
    ),
    "recommendation": (
        dict(satisfaction=0.7, loyalty=0.7),
        [
            ("a promoter from 0.7 on", {}, 1),
            ("not quite", dict(satisfaction=0.69), 0),
            ("satisfaction weighs 0.6", dict(satisfaction=1.0, loyalty=0.26), 1),
            ("which is not enough alone", dict(satisfaction=1.0, loyalty=0.24), 0),
            ("loyalty weighs 0.4", dict(satisfaction=0.0, loyalty=1.0), 0),
            ("at 0.4 still passive", dict(satisfaction=0.0, loyalty=1.0), 0),
            ("below a detractor", dict(satisfaction=0.0, loyalty=0.99), -1),
        ],
    ),
    "customer_type": (
        dict(loyalty=0.55, satisfaction=0.6, alternative=0.6, switching_cost=0.25),
        [
            ("no worse than elsewhere, and attached", {}, LOYAL),
            ("no worse than elsewhere, and not attached", dict(loyalty=0.54), MERCENARY),
            ("worse than elsewhere, and nothing to hold it", dict(satisfaction=0.59), DEFECTOR),
            ("worse than elsewhere, and held", dict(satisfaction=0.59, switching_cost=0.26), HOSTAGE),
        ],
    ),
}
