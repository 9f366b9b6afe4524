"""Figures, tables, and the report as one HTML page."""
