"""How many positions at the front line a service level takes under each chart."""
