"""New ways take hold slowly, and are forgotten."""

from math import exp

VALUES = {
    "practice_after": (
        dict(practice=0.2, days=60.0, upkeep=0.3, strength=1.0),
        [
            ("a thirtieth of the way to what the push still holds", {}, 0.2 + (exp(-0.5) - 0.2) / 30),
            ("later upkeep alone holds it", dict(days=1e6), 0.2 + (0.3 - 0.2) / 30),
            ("twice the difficulty: half as fast", dict(days=1e6, strength=2.0), 0.2 + (0.3 - 0.2) / 60),
            ("half of it: twice as fast, and less is lost", dict(days=1e6, strength=0.5), 0.2 + (0.65 - 0.2) / 15),
            ("no faster than at once", dict(days=1e6, strength=0.01), 1 - 0.01 * 0.7),
            ("what is written is lived", dict(strength=0.0), 1.0),
        ],
    ),
    "share_of_time_for_upkeep": (
        dict(upkeep=0.5, strength=1.0),
        [
            ("a tenth for full upkeep", {}, 0.05),
            ("twice", dict(strength=2.0), 0.1),
            ("all of it at most", dict(strength=40.0), 1.0),
        ],
    ),
}
