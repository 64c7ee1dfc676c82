"""What is reported of a run: each measure declared once, computed from the monthly panel."""
