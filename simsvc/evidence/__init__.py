"""Known answers the program is verified against, as data plus a runner."""
