"""The only place that performs runs."""
