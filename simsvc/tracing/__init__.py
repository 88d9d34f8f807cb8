"""Stories of single people: who met whom, what was decided, why, and what it did to both sides."""
