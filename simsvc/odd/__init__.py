"""The ODD document: what is simulated, in full, from the declarations and sources of the model itself."""
