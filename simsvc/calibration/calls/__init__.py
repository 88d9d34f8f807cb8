"""A scenario from a company's call records."""
