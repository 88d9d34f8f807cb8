"""Who speaks up, and what managers come to believe."""

VALUES = {
    "voice_after": (
        dict(voice=0.5, answered=0.3, trust=0.8, strength=1.0),
        [
            # 0.1 + 0.8 x (0.18 + 0.32) = 0.5
            ("at rest", {}, 0.5),
            ("a sixtieth of the way", dict(voice=0.2), 0.2 + 0.3 / 60),
            ("twice as fast", dict(voice=0.2, strength=2.0), 0.2 + 0.3 / 30),
            ("no further than there", dict(voice=0.2, strength=100.0), 0.5),
            ("answered, it grows", dict(answered=1.0, strength=60.0), 0.1 + 0.8 * 0.92),
        ],
    ),
    "seen_at_desk": (
        dict(information=0.8, strength=1.0),
        [("what is left of the case", {}, 0.8), ("half of it", dict(strength=0.5), 0.4)],
    ),
    "evidence_after": (
        dict(evidence=4.0, told=10.0, seen=3.0, report_weight=0.5),
        [
            ("a fortieth of the way to what is told and seen", {}, 4.0 + (5 + 3 - 4) / 40),
            ("nobody listens", dict(report_weight=0.0), 4.0 - 1 / 40),
        ],
    ),
    "belief_in_cause": (
        dict(prior=0.2, share=0.6, total=3.0, own_prior=0.5, report_weight=0.4, strength=1.0),
        [
            # weight (1 - 0.5 x 0.6) x 3 / 4
            ("evidence counts", {}, 0.2 + 0.7 * 0.75 * 0.4),
            ("half of it", dict(strength=0.5), 0.2 + 0.35 * 0.75 * 0.4),
            ("no more than all of it", dict(strength=2.0), 0.2 + 0.7 * 0.75 * 0.4),
            ("the stubborn who do not listen", dict(own_prior=1.0, report_weight=0.0), 0.2),
            ("no evidence, no news", dict(total=0.0), 0.2),
        ],
    ),
    "trust_after": (
        dict(trust=0.4, floor=5.0, quality_seen=0.6, control=5.0, close_watch=15.0, strength=1.0),
        [
            # 0.25 + 0.3 + 0.125 - 0.0375 = 0.6375
            ("a sixtieth of the way", {}, 0.4 + 0.2375 / 60),
            ("twice as fast", dict(strength=2.0), 0.4 + 0.2375 / 30),
            ("no further than there", dict(strength=99.0), 0.6375),
            ("control finds errors", dict(control=45.0, strength=60.0), 0.25 + 0.3 + 0.125 - 0.1125),
            ("on the floor one sees good work", dict(floor=20.0, strength=60.0), 0.25 + 0.3 + 0.2 - 0.0375),
            ("trust has its bounds: above", dict(quality_seen=3.0, strength=60.0), 1.0),
            ("and below", dict(quality_seen=-3.0, strength=60.0), 0.0),
        ],
    ),
}
