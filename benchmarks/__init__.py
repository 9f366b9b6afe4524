"""Speed, measured as ratios: `make bench`."""
