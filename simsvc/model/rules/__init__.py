"""What the model says about people: one file per mechanism, one short function per rule.

Every rule is a pure function of numbers, compiled, with a strength that switches it off where it
has one. Any of them can be replaced: `ServiceOrganization(..., rules={"name": function})`.
"""
