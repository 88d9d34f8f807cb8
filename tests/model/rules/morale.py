"""What work does to those who do it: resources lift, demands wear."""

from math import exp

VALUES = {
    "resources_at_work": (
        dict(
            empowerment=0.5,
            support=0.6,
            recognition=0.3,
            answered=0.4,
            colleagues=0.7,
            gratitude=0.8,
            challenge=0.55,
            training=0.6,
            pay=0.1,
        ),
        [
            (
                "the weights of nine resources",
                {},
                0.1 + 0.12 + 0.03 + 0.04 + 0.105 + 0.2 + 0.1 * 0.2 + 0.05 * 0.2 + 0.015,
            ),
            (
                "an ordinary job has about a half",
                dict(
                    empowerment=0.4,
                    support=0.6,
                    recognition=0.5,
                    answered=0.4,
                    colleagues=0.6,
                    gratitude=0.6,
                    challenge=0.35,
                    training=0.4,
                    pay=0.0,
                ),
                0.08 + 0.12 + 0.05 + 0.04 + 0.09 + 0.15,
            ),
        ],
    ),
    "overreach_felt": (
        dict(needed=0.9, skill=0.5, information=0.5, strength=1.0),
        [
            # competence 0.5 x (0.6 + 0.2) = 0.4
            ("a little for deciding, much beyond one's competence", {}, 0.3 * 0.9 + 0.7 * 0.5),
            ("half", dict(strength=0.5), 0.5 * (0.3 * 0.9 + 0.7 * 0.5)),
            ("within one's competence a little", dict(needed=0.3), 0.3 * 0.3),
        ],
    ),
    "challenge_felt": (
        dict(stretch=0.2, skill=0.8),
        [
            ("half of one's skill is more than the work asks", {}, 1 - 2 * 0.2),
            ("work that asks as much bores nobody", dict(stretch=0.6), 1.0),
            ("who can more than anybody is bored at most altogether", dict(stretch=0.0, skill=1.5), 0.0),
        ],
    ),
    "valued": (
        dict(value=0.6, typical=0.4, growth_need=0.75, strength=1.0),
        [
            ("who wants to grow values it half more", {}, 0.4 + 1.5 * 0.2),
            ("half of that", dict(strength=0.5), 0.4 + 1.25 * 0.2),
            ("who does not want to grow values it less", dict(growth_need=0.25), 0.4 + 0.5 * 0.2),
            ("no more than 1", dict(value=0.9, growth_need=1.0), 1.0),
            ("no less than 0", dict(value=0.1, growth_need=1.0), 0.0),
        ],
    ),
    "training_felt": (
        dict(days=4.0),
        [("four days a year", {}, 0.4), ("six are half", dict(days=6.0), 0.5), ("none", dict(days=0.0), 0.0)],
    ),
    "climate_index": (
        dict(information=0.1, tools=0.2, training=0.4, support=0.8, answered=0.6),
        [
            ("the mean of five", {}, 2.1 / 5),
            ("all perfect", dict(information=1.0, tools=1.0, training=1.0, support=1.0, answered=1.0), 1.0),
        ],
    ),
    "ambiguity_felt": (
        dict(granted=0.5, clarity=0.6, strength=1.0),
        [
            ("authority times what is unclear", {}, 0.5 * 0.4),
            ("half", dict(strength=0.5), 0.5 * 0.5 * 0.4),
            ("clear limits strain nobody", dict(clarity=1.0), 0.0),
        ],
    ),
    "gap_of_promise": (
        dict(promise=0.8, delivered=0.6, strength=1.0),
        [
            ("a small gap is forgiven", {}, 0.15),
            ("twice", dict(strength=2.0), 0.3),
            ("promises kept", dict(delivered=0.78), 0.0),
        ],
    ),
    "overload_felt": (
        dict(busy_share=0.8, hurry=1.0, comfortable=0.8, strength=1.0),
        [
            ("as busy as is comfortable", {}, 0.6 * 0.3),
            ("seven tenths of that is no load", dict(busy_share=0.4), 0.0),
            ("what is comfortable counts", dict(comfortable=0.5), 0.6 * 0.9),
            ("two days' work in one", dict(hurry=0.5), 0.6 * 1.3),
            ("taking one's time is no relief", dict(hurry=1.25), 0.6 * 0.3),
            ("half felt", dict(strength=0.5), 0.3 * 0.3),
        ],
    ),
    "refusals_felt": (
        dict(refusals=0.1, strength=1.0),
        [("all of it", {}, 0.1), ("twice", dict(strength=2.0), 0.2), ("not at all", dict(strength=0.0), 0.0)],
    ),
    "obstacles_felt": (
        dict(obstacles=0.15, strength=1.0),
        [("three fifths of it", {}, 0.09), ("twice", dict(strength=2.0), 0.18), ("none", dict(strength=0.0), 0.0)],
    ),
    "control_felt": (
        dict(control=20.0, strength=1.0),
        [
            ("twenty minutes", {}, 0.05),
            ("half felt", dict(strength=0.5), 0.025),
            ("an hour is as bad as a day of it", dict(control=400.0), 0.15),
        ],
    ),
    "demands_at_work": (
        dict(
            overload=0.18,
            refusals=0.1,
            overreach=0.2,
            obstacles=0.09,
            control=0.05,
            acting=0.2,
            ambiguity=0.1,
            promise=0.04,
        ),
        [
            ("eight demands", {}, 0.18 + 0.1 + 0.2 + 0.09 + 0.05 + 0.07 + 0.03 + 0.02),
            ("strain of smiling and of unclear limits", dict(acting=1.0, ambiguity=0.5), 0.62 + 0.35 + 0.15 + 0.02),
        ],
    ),
    "seen_through": (
        dict(value=0.5, outlook=0.4),
        [
            ("brighter", {}, 1 / (1 + exp(-0.4))),
            ("darker", dict(outlook=-0.4), 1 / (1 + exp(0.4))),
            ("as it is", dict(value=0.3, outlook=0.0), 0.3),
            ("the worst is never quite the worst", dict(value=0.0, outlook=0.0), 0.001),
            ("nor the best", dict(value=1.0, outlook=0.0), 0.999),
        ],
    ),
    "morale_after": (
        dict(morale=0.5, resources=0.6, demands=0.5, exhaustion=0.3, outlook=0.0, strength=1.0),
        [
            # 0.6 + 0.3 - 0.3 + 0.1
            ("a twentieth of the way to where the balance draws it", {}, 0.5 + (1 / (1 + exp(-0.7)) - 0.5) / 20),
            ("twice as fast", dict(strength=2.0), 0.5 + (1 / (1 + exp(-0.7)) - 0.5) / 10),
            ("no further than there", dict(strength=90.0), 1 / (1 + exp(-0.7))),
            ("the gloomy have a set point of their own", dict(outlook=-0.4, strength=90.0), 1 / (1 + exp(-0.3))),
            ("an ordinary day", dict(resources=0.5, demands=0.3, exhaustion=0.4, strength=20.0), 1 / (1 + exp(-0.6))),
        ],
    ),
    "accustomed_after": (
        dict(accustomed=0.5, resources=0.75),
        [
            ("a 250th of the way", {}, 0.501),
            ("down too", dict(resources=0.25), 0.499),
        ],
    ),
    "resources_against_habit": (
        dict(resources=0.6, accustomed=0.7, strength=1.0),
        [
            ("half of what one is used to does not count", {}, 0.5),
            ("nobody gets used to anything", dict(strength=0.0), 0.6),
            ("at most all of it", dict(strength=5.0), 0.4),
            ("who is used to little is pleased", dict(accustomed=0.3), 0.7),
        ],
    ),
    "exhaustion_after": (
        dict(exhaustion=0.4, resources=0.6, demands=0.5, strength=1.0),
        [
            # -0.5 + 0.5 - 0.1
            ("a fortieth of the way", {}, 0.4 + (1 / (1 + exp(0.1)) - 0.4) / 40),
            ("twice as fast", dict(strength=2.0), 0.4 + (1 / (1 + exp(0.1)) - 0.4) / 20),
            ("no further than there", dict(strength=90.0), 1 / (1 + exp(0.1))),
            ("an ordinary day", dict(resources=0.5, demands=0.3, strength=40.0), 1 / (1 + exp(0.5))),
        ],
    ),
    "commitment_after": (
        dict(commitment=0.5, morale=0.6, support=0.7, gratitude=0.8, pride=0.1, strength=1.0),
        [
            # 0.3 + 0.14 + 0.24 + 0.03
            ("a 120th of the way", {}, 0.5 + 0.21 / 120),
            ("twice as fast", dict(strength=2.0), 0.5 + 0.21 / 60),
            ("no further than there", dict(strength=500.0), 0.71),
            ("perfect at most", dict(morale=1.0, support=1.0, gratitude=1.0, pride=1.0, strength=120.0), 1.0),
            ("nothing at least", dict(morale=0.0, support=0.0, gratitude=0.0, pride=-1.0, strength=120.0), 0.0),
        ],
    ),
    "pride_felt": (
        dict(reputation=0.8, ordinary=0.75, strength=1.0),
        [
            ("a good name", {}, 0.05),
            ("twice as proud", dict(strength=2.0), 0.1),
            ("a bad name shames", dict(reputation=0.5), -0.25),
        ],
    ),
    "empowerment_after": (
        dict(empowerment=0.4, granted=0.6, information=0.8, trust=0.2, outlook=0.0, strength=1.0),
        [
            # 0.1 + 0.8 x (0.3 + 0.2 + 0.05)
            ("a sixtieth of the way", {}, 0.4 + 0.14 / 60),
            ("twice as fast", dict(strength=2.0), 0.4 + 0.14 / 30),
            ("no further than there", dict(strength=300.0), 0.54),
        ],
    ),
    "support_felt": (
        dict(coaching=4.0, floor=2.0, teaching=0.5),
        [
            ("six minutes are half of what can be had", {}, 0.15 + 0.75 * 0.5),
            ("a good boss's minutes count more", dict(teaching=1.0), 0.15 + 0.75 * 8 / 14),
            ("left alone", dict(coaching=0.0, floor=0.0), 0.15),
        ],
    ),
}
