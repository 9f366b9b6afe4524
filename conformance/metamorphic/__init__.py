"""Checks of how results must change, or must not change, when the question changes."""
