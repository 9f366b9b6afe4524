"""Statistics of the runs: paired contrasts, verdicts, thresholds, sensitivity."""
