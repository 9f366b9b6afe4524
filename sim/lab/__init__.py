"""The laboratory: experiments with many runs, their statistics, and the report."""
