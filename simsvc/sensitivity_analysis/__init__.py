"""Sensitivity analysis: what a metric, or a difference between structures, depends on."""
