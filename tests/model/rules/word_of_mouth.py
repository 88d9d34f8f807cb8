"""Talk: who is told, and what they make of it."""

VALUES = {
    "people_told": (
        dict(experience=0.9, mean_after_good=0.6, strength=1.0),
        [
            ("a delight", {}, 0.6),
            ("from 0.8 on", dict(experience=0.8), 0.6),
            ("what lies between is not worth telling", dict(experience=0.79), 0.0),
            ("also just above anger", dict(experience=0.31), 0.0),
            ("anger travels twice as far", dict(experience=0.3), 1.2),
            ("half, of good", dict(strength=0.5), 0.3),
            ("half, of bad", dict(experience=0.1, strength=0.5), 0.6),
        ],
    ),
    "chance_of_post": (
        dict(share=0.05, experience=0.8, strength=1.0),
        [
            ("extremes are posted", {}, 0.05 * (0.4 + 0.6)),
            ("bad ones too", dict(experience=0.2), 0.05 * (0.4 + 1.2)),
            ("half", dict(strength=0.5), 0.025),
            ("no more than all of it", dict(strength=2.0), 0.05),
            ("surely at most", dict(share=1.0, experience=0.0), 1.0),
        ],
    ),
    "appeal_of_word": (
        dict(experience=0.9),
        [
            ("good news draw", {}, 0.1),
            ("just good", dict(experience=0.51), 0.1),
            ("bad news weigh half", dict(experience=0.5), -0.055),
        ],
    ),
    "satisfaction_after_word": (
        dict(satisfaction=0.6, experience=0.9),
        [
            ("moves a hundredth of the way", {}, 0.603),
            ("bad news twice as far", dict(experience=0.1), 0.59),
            ("at a half the news are bad", dict(experience=0.5), 0.598),
            ("a little better than that they are good", dict(experience=0.51), 0.6 - 0.01 * 0.09),
        ],
    ),
    "weight_of_post": (
        dict(posts_a_day=20.0),
        [
            ("a hundredth or so in an ordinary firm", {}, 1 / 92),
            ("less in a large one", dict(posts_a_day=80.0), 1 / 368),
            ("all there is where there is one in months", dict(posts_a_day=0.01), 1.0),
            ("or none", dict(posts_a_day=0.0), 1.0),
        ],
    ),
    "reputation_after": (
        dict(reputation=0.7, experience=0.5, weight=0.01),
        [
            ("bad news", {}, 0.7 - 0.01 * 0.2),
            ("good news", dict(experience=1.0), 0.7 + 0.01 * 0.3),
            ("news that nobody minds", dict(weight=0.0), 0.7),
        ],
    ),
    "rate_of_joining": (
        dict(base=0.1, reputation=0.85, promise=0.72, ordinary_reputation=0.75, ordinary_promise=0.62, strength=1.0),
        [
            ("a good name and a promise", {}, 0.12),
            ("twice the word of mouth", dict(strength=2.0), 0.13),
            ("an ordinary firm", dict(reputation=0.75, promise=0.62), 0.1),
            ("where such a name and promise are ordinary", dict(ordinary_reputation=0.85, ordinary_promise=0.72), 0.1),
            ("a bad name", dict(reputation=0.25, promise=0.62), 0.05),
            ("nobody at the least", dict(reputation=0.0, promise=0.0, strength=2.0), 0.0),
        ],
    ),
}
