"""How far a mechanism departs from what is typical."""

VALUES = {
    "tempered": (
        dict(value=0.6, typical=0.4, strength=1.0),
        [
            ("the state itself", {}, 0.6),
            ("what is typical", dict(strength=0.0), 0.4),
            ("half", dict(strength=0.5), 0.5),
            ("exaggerated, but no more than 1", dict(strength=5.0), 1.0),
            ("exaggerated, but no less than 0", dict(value=0.2, strength=5.0), 0.0),
        ],
    ),
}
