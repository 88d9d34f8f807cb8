"""The teaching page: a class watches two organisations with the same customers and the same luck."""
