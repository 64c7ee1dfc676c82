"""Figures, tables and pages: how results are shown to people."""
