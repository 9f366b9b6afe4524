"""Helpers of the checks and tests: calls of kernels, landscapes, markets, firms that complement each other."""
