"""Tests that the rules of behaviour must pass, so that no rule alone makes the model's answer."""
