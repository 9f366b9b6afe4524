"""From stored runs to estimates, verdicts and findings."""
