"""The phases of one working day, in compiled code: one file per phase."""
