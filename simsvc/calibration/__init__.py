"""Calibration: from a company's call records or monthly figures to a scenario."""
