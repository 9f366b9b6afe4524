"""Fuzzers: tests that search for inputs that break the program; `make fuzz MINUTES=60` lets them search for long."""
