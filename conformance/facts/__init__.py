"""Checks against stylised facts about firms: shown, not asserted."""
