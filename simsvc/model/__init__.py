"""How it is simulated: rows, rules, the day, and the Mesa model."""
