"""How it is simulated: rows, rules, the day, and the Mesa model."""

# Before Numba and pandas: Mesa looks for the module of every frame on the stack when it is imported,
# among all modules there are by then, which takes time if there are thousands.
import mesa  # noqa: F401
