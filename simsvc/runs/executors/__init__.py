"""Where runs are performed: threads here, workers of a cluster."""
