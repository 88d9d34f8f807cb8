"""Values of every rule, worked out by hand: one table per mechanism, named as its file in `simsvc/model/rules`.

`VALUES` gives for each rule an ordinary point (argument: value) and its rows: what the row says, which arguments
differ from the ordinary point, and what the rule must give. Expected values are arithmetic or numbers of their own
and never come from the code under test.
"""
