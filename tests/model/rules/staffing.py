"""How many positions the front line has."""

VALUES = {
    "positions_for": (
        dict(load=0.96, heads=10.0, target=0.8),
        [
            ("a fifth more work than planned for asks for a fifth more people", {}, 12.0),
            ("as planned", dict(load=0.8), 10.0),
            ("nothing to do", dict(load=0.0), 0.0),
        ],
    ),
    "positions_after_review": (
        dict(needed=10.9, positions=10),
        [
            ("what is needed, rounded", {}, 11),
            ("three quarters of a position too few are borne", dict(needed=10.75), 10),
            ("and three quarters too many", dict(needed=9.25), 10),
            ("fewer where more are too many", dict(needed=9.2), 9),
            ("at most twice as many at once", dict(needed=70.0), 20),
            ("somebody is always there", dict(needed=0.1, positions=3), 1),
        ],
    ),
}
