"""The conformance suite: a study of whether the program agrees with theory, published results and facts.

`python -m conformance` (`make conformance`) runs all checks and writes the reference pages about them.
A check is a function that yields rows, and a row compares one number with its reference: interval, tolerance, verdict.
The suite is not shipped, because it needs PyBLP, which users of `sim` do not need.
It imports `sim`, but `sim` does not import it: the lab knows only the shape of the results (sim/lab/conformance.py).
"""
