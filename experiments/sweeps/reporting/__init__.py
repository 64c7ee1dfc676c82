"""What a finished sweep shows: its summary, thresholds, figures and page."""
