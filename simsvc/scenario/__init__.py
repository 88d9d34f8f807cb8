"""What is simulated: settings, presets, structures, timeline."""
