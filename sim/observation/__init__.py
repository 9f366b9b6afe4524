"""What every front end reads off the economy: runs, outcomes, groups, labels, colours."""
