"""What follows from the runs: paired contrasts, verdicts, thresholds, sensitivity."""
