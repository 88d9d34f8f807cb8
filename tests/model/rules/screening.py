"""Telling good claims from bad, with both kinds of error."""

from math import exp, log

VALUES = {
    "chance_to_grant": (
        dict(legitimate=True, accuracy=1.0, leniency=0.0, strength=1.0),
        [
            ("four of five justified claims pass", {}, 0.8),
            ("one of five unjustified ones", dict(legitimate=False), 0.2),
            ("twice as accurate: odds of 16", dict(accuracy=2.0), 16 / 17),
            ("or twice as strong", dict(strength=2.0), 16 / 17),
            ("a lenient judge lets more pass", dict(leniency=1.0), 1 / (1 + exp(-1 - log(4)))),
            ("half of the cases are screened", dict(legitimate=False, strength=0.5), 0.6),
            ("everything asked for is granted", dict(legitimate=False, strength=0.0), 1.0),
        ],
    ),
    "chance_to_drop": (
        dict(legitimate=False, strength=1.0),
        [
            ("hassle screens out three of ten", {}, 0.3),
            ("six of ten", dict(strength=2.0), 0.6),
            ("all at most", dict(strength=9.0), 1.0),
            ("who is in the right stays on the line", dict(legitimate=True), 0.0),
        ],
    ),
    "leniency_of_chart": (
        dict(strictness=0.5),
        [("neutral", {}, 0.0), ("strict", dict(strictness=0.6), -0.4), ("lenient", dict(strictness=0.2), 1.2)],
    ),
    "share_of_aim": (
        dict(misalignment=0.4, strength=1.0),
        [("what is not misaligned", {}, 0.6), ("half", dict(strength=0.5), 0.8), ("none", dict(strength=3.0), 0.0)],
    ),
    "information_after_level": (
        dict(information=0.8, loss=0.25, strength=1.0),
        [("a quarter is lost", {}, 0.6), ("an eighth", dict(strength=0.5), 0.7), ("all", dict(strength=5.0), 0.0)],
    ),
    "leniency_in_doubt": (dict(strength=1.0), [("as published", {}, 0.8), ("half", dict(strength=0.5), 0.4)]),
    "over_granting": (
        dict(clarity=0.6, recognition=0.4, empowerment=0.5, watched=0.4, strength=1.0),
        [
            ("unsure and praised, held back by aim, ownership, control", {}, 1.2 + 0.4 - (0.9 + 0.25 + 0.4)),
            ("twice", dict(strength=2.0), 0.1),
            (
                "closely watched",
                dict(watched=1.0, recognition=1.0),
                2.2 - (0.9 + 0.25 + 1.0),
            ),
            ("what holds it back makes nobody stricter", dict(watched=1.0), 0.0),
            ("none at an ordinary desk", dict(recognition=0.2, empowerment=0.45, watched=1.0), 0.0),
        ],
    ),
    "judgement": (
        dict(skill=0.5, information=0.5, clarity=0.5),
        [
            ("skill x information x clarity", {}, 1.5 * 0.8 * 0.65 * 0.95),
            ("a perfect judge", dict(skill=1.0, information=1.0, clarity=1.0), 1.5 * 1.2 * 1.0 * 1.1),
            ("one who knows nothing", dict(skill=0.0, information=0.0, clarity=0.0), 1.5 * 0.4 * 0.3 * 0.8),
        ],
    ),
}
