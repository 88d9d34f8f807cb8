"""A customer and the member of staff it knows."""

VALUES = {
    "bond_after": (
        dict(bond=0.4, familiar=True, strength=1.0),
        [
            ("15 % of the way to a full bond", {}, 0.4 + 0.15 * 0.6),
            ("half of that", dict(strength=0.5), 0.4 + 0.075 * 0.6),
            ("no further than that", dict(strength=9.0), 1.0),
            ("somebody else costs 15 %", dict(familiar=False), 0.34),
            ("nobody gets to know anybody better", dict(strength=0.0), 0.4),
        ],
    ),
    "gets_acquainted": (
        dict(bond=0.09, strength=1.0),
        [
            ("with hardly a bond one turns to whom one meets", {}, True),
            ("with an acquaintance not", dict(bond=0.1), False),
            ("also at little strength", dict(strength=0.5), True),
            ("nobody gets to know anybody", dict(strength=0.0), False),
        ],
    ),
    "chance_to_look_for": (
        dict(continuity=0.6, strength=1.0),
        [
            ("as the setting says", {}, 0.6),
            ("half", dict(strength=0.5), 0.3),
            ("no more", dict(strength=1.5), 0.6),
        ],
    ),
    "time_with_acquaintance": (
        dict(bond=0.4, strength=1.0),
        [
            ("who knows the customer need not ask", {}, 0.94),
            ("twice", dict(strength=2.0), 0.88),
            ("half the time is the least", dict(bond=1.0, strength=5.0), 0.5),
        ],
    ),
    "distance_to_acquaintance": (
        dict(distance=0.5, bond=0.4, strength=1.0),
        [
            ("nearer", {}, 0.44),
            ("twice", dict(strength=2.0), 0.38),
            ("no nearer than there", dict(strength=20.0), 0.0),
        ],
    ),
    "warmth": (
        dict(bond=0.4, strength=1.0),
        [("some courtesy more", {}, 0.06), ("twice", dict(strength=2.0), 0.12)],
    ),
    "loyalty_without_acquaintance": (
        dict(loyalty=0.5, bond=0.4, strength=1.0),
        [
            ("missed", {}, 0.44),
            ("twice", dict(strength=2.0), 0.38),
            ("no less than none", dict(strength=20.0), 0.0),
        ],
    ),
}
