"""How long a case takes, and how work pressure eats into it."""

from math import exp

VALUES = {
    "work_pressure": (
        dict(load=0.96, comfortable=0.8, strength=1.0),
        [
            ("a fifth too much work, elasticity -0.64", {}, 1.2**-0.64),
            ("half the elasticity", dict(strength=0.5), 1.2**-0.32),
            ("nobody serves a case in no time", dict(load=4.0), 0.5),
            ("who has little to do takes a quarter longer at most", dict(load=0.1), 1.25),
            ("also with nothing to do, if slowly", dict(load=0.0, strength=0.05), 0.05**-0.032),
            ("without the rule", dict(strength=0.0), 1.0),
        ],
    ),
    "overwork_after": (
        dict(overwork=0.1, load=1.116),
        [
            ("a twentieth of the way to a fifth above the tipping point", {}, 0.1 + 0.1 / 20),
            ("below it people recover", dict(load=0.5), 0.1 - 0.1 / 20),
        ],
    ),
    "time_when_overworked": (
        dict(overwork=0.2, strength=1.0),
        [
            ("1.25 times the elasticity to pressure, the other way", {}, 1.2**0.8),
            ("half of it", dict(strength=0.5), 1.2**0.4),
            ("nobody overworked", dict(overwork=0.0), 1.0),
        ],
    ),
    "pace_of_target": (
        dict(kpi=0.75, ordinary=0.25, strength=1.0),
        [
            ("who steers by customers takes time", {}, 1.05),
            ("twice", dict(strength=2.0), 1.1),
            ("who steers by cost hurries", dict(kpi=0.0), 0.975),
            ("half the time is the least", dict(kpi=0.0, strength=40.0), 0.5),
        ],
    ),
    "time_with_tools": (
        dict(tools=0.7, ordinary=0.7),
        [("ordinary", {}, 1.0), ("bad", dict(tools=0.5), 1.06), ("good", dict(tools=0.9), 0.94)],
    ),
    "speed": (
        dict(skill=0.72, exhaustion=0.5, reference=0.62, strength=1.0),
        [
            ("skilled and tired", {}, exp(-0.06 + 0.3 * 0.25)),
            ("half", dict(strength=0.5), exp(-0.03 + 0.15 * 0.25)),
            ("unskilled and fresh", dict(skill=0.42, exhaustion=0.0), exp(0.12)),
        ],
    ),
    "difficult_case_time": (
        dict(difficulty=0.6, mean=0.4, strength=1.0),
        [
            ("a fifth longer", {}, 1.2),
            ("a tenth", dict(strength=0.5), 1.1),
            ("an easy one", dict(difficulty=0.1), 0.7),
            ("some time is always needed", dict(difficulty=0.0, strength=4.0), 0.05),
        ],
    ),
    "unusual_need_time": (
        dict(distance=0.3, latitude=0.5, strength=1.0),
        [
            ("working off the script, and thinking about it", {}, 1 + 0.35 * 0.3 + 0.1 * 0.5),
            ("twice", dict(strength=2.0), 1 + 2 * (0.35 * 0.3 + 0.1 * 0.5)),
            ("no further off than one may", dict(distance=0.9), 1 + 0.35 * 0.5 + 0.1 * 0.5),
        ],
    ),
    "standard_after": (
        dict(standard=0.9, practice=0.8, recovery=0.5, strength=1.0),
        [
            ("down within 18.83 weeks of five days", {}, 0.9 - 0.1 / 94.15),
            ("half as fast", dict(strength=0.5), 0.9 - 0.05 / 94.15),
            ("up at half that pace", dict(practice=1.0), 0.9 + 0.05 / 94.15),
            ("or never", dict(practice=1.0, recovery=0.0), 0.9),
        ],
    ),
}
