"""Benchmarks of speed and memory, mostly as ratios within one run: `make bench`."""
