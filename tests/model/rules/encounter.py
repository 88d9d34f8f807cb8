"""What a customer gets: fit, quality, courtesy, a solution or a grave error."""

from math import exp, log, sqrt

VALUES = {
    "fit_of_solution": (
        dict(distance=0.4, latitude=0.3, skill=0.8, information=0.6, strength=1.0),
        [
            # competence 0.8 x (0.5 + 0.3) = 0.64, of which 0.35 is needed
            ("latitude closes part of the gap", {}, 0.6 + 0.3 * 2 * (0.64 - 0.35) / 0.65),
            ("no more latitude than distance is used", dict(latitude=0.9), 0.6 + 0.4 * 2 * (0.64 - 0.35) / 0.65),
            ("a script misses the need by its distance", dict(latitude=0.0), 0.6),
            ("the incompetent widen the gap", dict(skill=0.2), 0.6 - 0.3 * 2 * (0.35 - 0.16) / 0.65),
            ("the clueless widen it most", dict(skill=0.0), 0.6 - 0.3 * 2 * 0.35 / 0.65),
            ("the perfect gain all of it", dict(skill=1.0, information=1.0, latitude=0.1), 0.6 + 0.1 * 2),
            ("never better than perfect", dict(skill=1.0, information=1.0, latitude=0.4, strength=2.0), 1.0),
            ("never quite nothing", dict(distance=1.0, latitude=1.0, skill=0.0), 0.02),
            ("without the rule everything fits typically", dict(strength=0.0), 0.7),
            ("half of the difference from typical", dict(latitude=0.0, strength=0.5), 0.65),
        ],
    ),
    "skill_for": (
        dict(skill=0.8, own_department=True, strength=1.0),
        [
            ("all of it at home", {}, 0.8),
            ("a quarter less abroad", dict(own_department=False), 0.6),
            ("half a quarter less", dict(own_department=False, strength=0.5), 0.8 * 0.875),
            ("never negative", dict(own_department=False, strength=5.0), 0.0),
        ],
    ),
    "volunteered_effort": (
        dict(morale=0.7, commitment=0.6, strength=1.0),
        [
            ("good mood adds effort", {}, 1 + 0.5 * (0.35 + 0.3 - 0.55)),
            ("bad mood takes it", dict(morale=0.1, commitment=0.2, strength=2.0), 1 - 2 * 0.5 * (0.55 - 0.15)),
        ],
    ),
    "effort_unwatched": (
        dict(commitment=0.35, control=5.0, close_watch=15.0, strength=1.0),
        [
            # 5 minutes watch a quarter, 15 a half
            ("the uncommitted take it easy", {}, 1 - 0.5 * 0.4 * 0.75),
            ("less so when watched", dict(control=15.0), 1 - 0.5 * 0.4 * 0.5),
            ("or where little control is a close watch", dict(close_watch=5.0), 1 - 0.5 * 0.4 * 0.5),
            ("half the strength", dict(strength=0.5), 1 - 0.25 * 0.4 * 0.75),
            ("the committed need no watching", dict(commitment=0.9), 1.0),
            ("something is always done", dict(commitment=0.0, control=0.0, strength=4.0), 0.2),
        ],
    ),
    "share_not_caught": (
        dict(control=5.0, close_watch=15.0, strength=1.0),
        [
            ("5 minutes catch an eighth", {}, 0.875),
            ("15 minutes a quarter", dict(control=15.0), 0.75),
            ("so do 5 where that is a close watch", dict(close_watch=5.0), 0.75),
            ("none without the rule", dict(strength=0.0), 1.0),
            ("no more than all", dict(control=15.0, strength=5.0), 0.0),
        ],
    ),
    "quality_of_work": (
        dict(skill=0.8, effort=0.9, time_given=0.81, fit=0.7, tools=0.5, ordinary_skill=0.62, strength=1.0),
        [
            (
                "geometric mean of skill, effort in the time given, and fit, by tools",
                {},
                0.8**0.4 * (0.9 * 0.9) ** 0.6 * 0.7**0.35 * 0.5**0.25,
            ),
            (
                "half the strength shows half of the difference from ordinary skill",
                dict(strength=0.5),
                0.71**0.4 * (0.9 * 0.9) ** 0.6 * 0.7**0.35 * 0.5**0.25,
            ),
            (
                "or from what is ordinary elsewhere",
                dict(strength=0.5, ordinary_skill=0.5),
                0.65**0.4 * (0.9 * 0.9) ** 0.6 * 0.7**0.35 * 0.5**0.25,
            ),
            (
                "no strength above 1 shows more than all of it",
                dict(strength=3.0),
                0.8**0.4 * (0.9 * 0.9) ** 0.6 * 0.7**0.35 * 0.5**0.25,
            ),
            (
                "more than a tenth more time is no use",
                dict(time_given=2.0, effort=0.5),
                0.8**0.4 * (0.5 * sqrt(1.1)) ** 0.6 * 0.7**0.35 * 0.5**0.25,
            ),
            (
                "what is missing altogether counts a hundredth: tools",
                dict(tools=0.0),
                0.8**0.4 * 0.81**0.6 * 0.7**0.35 * 0.01**0.25,
            ),
            ("skill", dict(skill=0.0), 0.01**0.4 * 0.81**0.6 * 0.7**0.35 * 0.5**0.25),
            ("effort", dict(effort=0.0), 0.8**0.4 * 0.01**0.6 * 0.7**0.35 * 0.5**0.25),
            ("never better than perfect", dict(skill=1.0, effort=2.0, fit=1.0, tools=1.0), 1.0),
        ],
    ),
    "chance_to_resolve": (
        dict(quality=0.65, difficulty=0.4, resolution=0.6),
        [
            ("the setting, at middling quality and difficulty", {}, 0.6),
            ("better work", dict(quality=0.75), 1 / (1 + exp(-(log(0.6 / 0.4) + 0.5)))),
            ("harder case", dict(difficulty=0.6), 1 / (1 + exp(-(log(0.6 / 0.4) - 0.5)))),
            (
                "where nothing is ever resolved, not even good work does",
                dict(resolution=0.0, quality=1.0),
                1 / (1 + exp(-(log(1e-9 / (1 - 1e-9)) + 1.75))),
            ),
            (
                "where everything is, hardly any work spoils it",
                dict(resolution=1.0, quality=0.05),
                1 / (1 + exp(-(log((1 - 1e-9) / 1e-9) - 3.0))),
            ),
        ],
    ),
    "courtesy_shown": (
        dict(disposition=0.6, morale=0.7, exhaustion=0.4, strength=1.0),
        [
            ("disposition and mood, less tiredness", {}, 0.15 + 0.85 * (0.6 + 0.5 * 0.1 - 0.25 * 0.4)),
            ("half of the mood shows", dict(strength=0.5), 0.15 + 0.85 * (0.6 - 0.025)),
            ("all of it at most", dict(strength=3.0), 0.15 + 0.85 * (0.6 - 0.05)),
            ("never better than perfect", dict(disposition=1.0, morale=2.0, exhaustion=0.0), 1.0),
            ("never below nothing", dict(disposition=0.0, morale=-1.0, exhaustion=1.0), 0.0),
        ],
    ),
    "courtesy_with_smile": (
        dict(courtesy=0.6, smile=0.5, strength=1.0),
        [
            ("some of what is missing is shown", {}, 0.6 + 0.075 * 0.4),
            ("twice as much", dict(strength=2.0), 0.6 + 0.15 * 0.4),
            ("no more than what is missing", dict(strength=20.0), 1.0),
        ],
    ),
    "surface_acting": (
        dict(courtesy=0.6, smile=0.5, strength=1.0),
        [
            ("what is not felt", {}, 0.5 * 0.4),
            ("half", dict(strength=0.5), 0.5 * 0.5 * 0.4),
            ("who feels more than all acts nothing", dict(courtesy=1.2), 0.0),
            ("at most all", dict(courtesy=0.0, strength=3.0), 1.0),
        ],
    ),
    "chance_of_grave_error": (
        dict(morale=0.6, exhaustion=0.4, overwork=0.0, strength=1.0),
        [
            ("a calm front line", {}, 0.003),
            ("nothing is gained below that", dict(morale=0.9), 0.003),
            ("10 % of overwork, 2 % more", dict(overwork=0.1), 0.003 * 1.1**0.2),
            ("the worn out make six times as many", dict(morale=0.2, exhaustion=0.8), 0.018),
            ("low morale counts for seven tenths", dict(morale=0.2, exhaustion=0.3), 0.003 * (1 + 5 / 8)),
            ("half way there little more", dict(morale=0.35, exhaustion=0.65), 0.003 * (1 + 5 / 8)),
            ("twice", dict(strength=2.0), 0.006),
            ("at most surely", dict(morale=0.0, exhaustion=1.0, strength=40.0), 1.0),
        ],
    ),
}
