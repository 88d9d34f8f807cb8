"""The frame of experiment scripts."""
