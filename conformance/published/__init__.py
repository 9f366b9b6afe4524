"""Checks against published simulations."""
