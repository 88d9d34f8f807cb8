"""How things are said and drawn; knows no analysis."""
