"""Figures and text for people to look at."""
