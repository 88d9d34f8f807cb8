"""The ratchet: costly concessions tighten the rules."""

VALUES = {
    "tightness_in_force": (
        dict(tightness=0.3, strength=1.0),
        [("as it stands", {}, 0.3), ("half", dict(strength=0.5), 0.15)],
    ),
    "ratchet_under_kpi": (
        dict(ratchet=0.6, kpi=0.5, ordinary=0.25, strength=1.0),
        [
            ("who steers a third more by customers", {}, 0.4),
            ("half of that", dict(strength=0.5), 0.5),
            ("who steers by cost", dict(kpi=0.0), 0.8),
            ("who steers by customers alone lets costs be", dict(kpi=1.0), 0.0),
            ("and never loosens", dict(kpi=1.0, strength=3.0), 0.0),
        ],
    ),
    "tightness_after": (
        dict(tightness=0.3, grants=150.0, budget=100.0, ratchet=0.5, strength=1.0),
        [
            ("half over budget tightens", {}, 0.3 + 0.01 * 0.5 * 0.5 * 0.6 - 0.0003),
            ("within budget it eases very slowly", dict(grants=80.0), 0.3 - 0.0003),
            ("far over is as bad as twice", dict(grants=900.0), 0.3 + 0.01 * 0.5 * 1 * 0.6 - 0.0003),
            ("half", dict(strength=0.5), 0.3 + 0.5 * (0.0015 - 0.0003)),
        ],
    ),
}
