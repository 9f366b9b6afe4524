"""Figures, and the page that a referee reads."""
