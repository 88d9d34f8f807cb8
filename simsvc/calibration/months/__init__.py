"""A scenario from a company's monthly figures."""
