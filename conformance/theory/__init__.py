"""Checks against exact theory and independent solvers."""
