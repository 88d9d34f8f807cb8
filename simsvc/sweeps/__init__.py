"""Sweeps: designs, where their runs are performed, and the folder that keeps them."""
