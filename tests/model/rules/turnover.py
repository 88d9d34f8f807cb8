"""Staff who quit, and those who take their place."""

from math import exp, log

VALUES = {
    "rate_of_quitting": (
        dict(
            base=0.4,
            morale=0.7,
            commitment=0.65,
            exhaustion=0.6,
            futility=0.2,
            pay=0.1,
            quitting=1.0,
            strength=1.0,
        ),
        [
            ("mood, futility, pay", {}, 0.4 * exp(-0.15 - 0.1 + 0.1 + 0.2 - 0.25)),
            ("twice the mood", dict(quitting=2.0), 0.4 * exp(-0.3 + 0.2 - 0.25)),
            ("twice the futility", dict(strength=2.0), 0.4 * exp(-0.15 + 0.4 - 0.25)),
            ("speaking up is worth the while", dict(futility=-0.2), 0.4 * exp(-0.15 - 0.2 - 0.25)),
            (
                "the base rate, at the reference",
                dict(morale=0.6, commitment=0.55, exhaustion=0.4, futility=0.0, pay=0.0),
                0.4,
            ),
            ("no rate grows beyond all measure", dict(morale=0.0, quitting=20.0), 0.4 * exp(4)),
            ("or vanishes", dict(morale=1.0, quitting=20.0), 0.4 * exp(-10)),
        ],
    ),
    "pay_felt": (
        dict(wage=154.0, market=140.0, strength=1.0),
        [
            ("a tenth more than others pay", {}, log(1.1)),
            ("half felt", dict(strength=0.5), 0.5 * log(1.1)),
            ("less", dict(wage=70.0), -log(2)),
            ("however much", dict(wage=1400.0), 1.0),
            ("however little", dict(wage=14.0), -1.0),
            ("who works for nothing counts as for a cent", dict(wage=0.0, market=0.015), log(0.01 / 0.015)),
        ],
    ),
    "rate_of_dismissal": (
        dict(disposition=0.45, readiness=0.5, strength=1.0),
        [
            ("a tenth short of what is wanted", {}, 0.3),
            ("twice", dict(strength=2.0), 0.6),
            ("the hospitable stay", dict(disposition=0.6), 0.0),
        ],
    ),
    "futility_felt": (
        dict(voice=0.6, answered=0.25, ordinary=0.3),
        [
            ("one speaks up and little happens", {}, 0.6 * 0.05),
            ("who keeps silent minds less", dict(voice=0.2), 0.2 * 0.05),
            ("as much as ordinarily happens", dict(answered=0.3), 0.0),
            ("where much is ordinary, little is less", dict(ordinary=0.5), 0.6 * 0.25),
            ("all is answered: the more one speaks up, the more it keeps", dict(answered=1.0), -0.6 * 0.7),
        ],
    ),
    "selectivity_in_force": (
        dict(selectivity=0.6, strength=1.0),
        [
            ("as the chart says", {}, 0.6),
            ("half", dict(strength=0.5), 0.3),
            ("no more", dict(strength=1.5), 0.6),
        ],
    ),
    "disposition_of_hire": (
        dict(mean=0.5, selectivity=0.5, reputation=0.85, pay=0.2, z=1.0, strength=1.0),
        [
            ("luck, selection, a good name, good pay", {}, 0.5 + 0.12 + 0.06 + 0.01 + 0.02),
            ("twice", dict(strength=2.0), 0.62 + 2 * 0.09),
            ("bad luck", dict(z=-2.0), 0.5 - 0.24 + 0.09),
            ("nobody is perfect", dict(z=5.0), 0.95),
            ("or hopeless", dict(z=-9.0), 0.05),
        ],
    ),
}
