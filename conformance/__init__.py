"""The conformance suite: exact theory, published results, facts and symmetries, each a row with an interval and a verdict."""
