"""Expectation and satisfaction: what is judged is the difference."""

from math import exp

VALUES = {
    "learning_rate": (
        dict(uncertainty=0.05),
        [
            ("a quarter, who is this unsure", {}, 0.05 / 0.2),
            ("half, who is as unsure as encounters vary", dict(uncertainty=0.15), 0.5),
        ],
    ),
    "uncertainty_after": (
        dict(uncertainty=0.05),
        [
            ("three quarters are left, and a little is forgotten", {}, 0.05 * 0.75 + 0.004),
            ("half is left", dict(uncertainty=0.15), 0.075 + 0.004),
        ],
    ),
    "expectation_from_promise": (
        dict(promise=0.8, strength=1.0),
        [
            ("what is promised", {}, 0.8),
            ("half of what goes beyond the ordinary", dict(strength=0.5), 0.62 + 0.09),
            ("the ordinary", dict(strength=0.0), 0.62),
            ("no more than perfect", dict(promise=1.0, strength=3.0), 1.0),
            ("no less than nothing", dict(promise=0.1, strength=3.0), 0.0),
        ],
    ),
    "remembered": (
        dict(days=500.0, strength=1.0),
        [
            ("a third after two years", {}, exp(-1.0)),
            ("all of yesterday", dict(days=0.0), 1.0),
            ("half at half strength", dict(strength=0.5), 0.5 * exp(-1.0)),
            ("never more than there was", dict(days=0.0, strength=3.0), 1.0),
            ("nothing without the rule", dict(strength=0.0), 0.0),
        ],
    ),
    "encounter_satisfaction": (
        dict(felt=0.7, expected=0.6, strength=1.0),
        [
            ("better than expected", {}, 0.7 + 0.03),
            ("worse than expected, twice as strong", dict(felt=0.5, strength=2.0), 0.5 - 0.06),
            ("performance alone", dict(strength=0.0), 0.7),
            ("no more than perfect", dict(felt=0.95, expected=0.3), 1.0),
            ("no less than nothing", dict(felt=0.05, expected=0.9), 0.0),
        ],
    ),
    "expectation_after": (
        dict(expectation=0.6, felt=0.8, weight=0.25, strength=1.0),
        [
            ("a quarter of the way", {}, 0.65),
            ("half of that", dict(strength=0.5), 0.625),
            ("no more at more", dict(strength=2.0), 0.65),
            ("nobody learns", dict(strength=0.0), 0.6),
        ],
    ),
    "satisfaction_after": (
        dict(satisfaction=0.6, experience=0.8, weight=0.25, loss_aversion=1.0),
        [
            ("a quarter of a gain", {}, 0.65),
            ("half of a loss", dict(experience=0.4), 0.5),
            ("losses like gains", dict(experience=0.4, loss_aversion=0.0), 0.55),
            ("no more than all of it", dict(experience=0.4, weight=0.8), 0.4),
        ],
    ),
}
