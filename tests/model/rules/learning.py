"""How skill grows: by doing, by training, from bosses and from each other."""

VALUES = {
    "chance_of_training": (
        dict(days=5.0, strength=1.0),
        [
            ("five days of 250", {}, 0.02),
            ("half of them", dict(strength=0.5), 0.01),
            ("no more than planned", dict(strength=1.5), 0.02),
        ],
    ),
    "chance_of_absence": (
        dict(coaching=24.0, day_minutes=480.0, information=0.5, sharing=0.2, strength=1.0),
        [
            ("coaching, informing, showing", {}, 0.05 + 0.015 + 0.006),
            ("twice", dict(strength=2.0), 2 * 0.071),
            ("at most half of the time", dict(coaching=400.0), 0.5),
        ],
    ),
    "skill_of_newcomer": (
        dict(hired=0.4, usual=0.6, learning=1.0),
        [
            ("they have all to learn", {}, 0.4),
            ("and no more than that", dict(learning=2.0), 0.4),
            ("half of it", dict(learning=0.5), 0.5),
            ("where nobody learns, they can what others can", dict(learning=0.0), 0.6),
        ],
    ),
    "potential_under": (
        dict(potential=0.7, teaching=0.6, strength=1.0),
        [
            ("a good boss brings people further", {}, 0.72),
            ("a bad one less far", dict(teaching=0.3), 0.66),
            ("an ordinary one as far as they go", dict(teaching=0.5), 0.7),
            ("half as much", dict(strength=0.5), 0.71),
            ("nobody is perfect", dict(potential=0.94), 0.95),
            ("or hopeless", dict(potential=0.06, teaching=0.0), 0.05),
        ],
    ),
    "skill_after": (
        dict(skill=0.5, potential=0.8, contacts=25.0, training=1.0, learning=1.0),
        [
            ("contacts and a day of training", {}, 0.5 + (0.004 + 0.08) * 0.3),
            ("contacts alone", dict(training=0.0), 0.5 + 0.004 * 0.3),
            ("half", dict(learning=0.5), 0.5 + 0.042 * 0.3),
            ("much of the way in a day", dict(skill=0.1, learning=12.0), 0.1 + 12 * 0.084 * 0.7),
            ("nobody unlearns by doing", dict(skill=0.9), 0.9),
            ("nobody is more than perfect", dict(learning=60.0), 1.0),
        ],
    ),
    "skill_after_forgetting": (
        dict(skill=0.7, strength=1.0),
        [
            ("a tenth of what is learned, in a year of 250 days", {}, 0.7 - 0.4 * 0.0004),
            ("twice", dict(strength=2.0), 0.7 - 0.4 * 0.0008),
            ("what everybody can stays", dict(skill=0.2), 0.2),
            ("no more than what was learned", dict(strength=1e4), 0.3),
        ],
    ),
    "skill_from_peers": (
        dict(skill=0.5, team=0.7, sharing=0.5, strength=1.0),
        [
            ("the team knows more", {}, 0.006 * 0.5 * 0.2),
            ("half", dict(strength=0.5), 0.003 * 0.5 * 0.2),
            ("the best learn nothing", dict(skill=0.8), 0.0),
        ],
    ),
    "disposition_after": (
        dict(disposition=0.6, training=1.0, strength=1.0),
        [
            ("a hundredth of the way", {}, 0.6 + 0.01 * 0.25),
            ("half", dict(strength=0.5), 0.6 + 0.005 * 0.25),
            ("only by training", dict(training=0.0), 0.6),
            ("the very hospitable learn nothing", dict(disposition=0.9), 0.9),
            ("no further than there", dict(strength=300.0), 0.85),
        ],
    ),
    "skill_from_coaching": (
        dict(minutes=10.0, teaching=0.6, skill=0.5, potential=0.7, strength=1.0),
        [
            ("on the way to somewhat beyond one's potential", {}, 0.0004 * 10 * 0.6 * (0.76 - 0.5)),
            ("half", dict(strength=0.5), 0.0002 * 10 * 0.6 * 0.26),
            ("more than an hour is no use", dict(minutes=100.0), 0.0004 * 60 * 0.6 * 0.26),
            ("nobody is perfect", dict(potential=0.93), 0.0004 * 10 * 0.6 * 0.45),
            ("nothing to teach the best", dict(skill=0.8), 0.0),
        ],
    ),
}
