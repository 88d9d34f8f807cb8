"""Many runs: single runs, comparisons, statistics, result folders."""
