"""What every front end reads off the economy: runs, outcomes, recovery, groups, decoding, labels, palette and monthly tables."""
