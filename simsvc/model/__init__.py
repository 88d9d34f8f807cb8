"""How it is simulated: rows, rules, the day, and the Mesa model."""

# Before Numba and pandas: Mesa looks for the module of every frame on the stack when it is imported,
# among all modules there are by then, which takes half a second if there are two thousand.
import mesa  # noqa: F401
