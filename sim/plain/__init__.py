"""The plain twin: the economy once more, as ordinary Mesa agents, to be read in class and as proof.

No arrays, nothing compiled, nothing fast: only the rules, from the same draws. Read `model.py` first, then `firm.py`.
See docs/explanation/plain_twin.md.
"""
