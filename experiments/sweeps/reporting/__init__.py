"""What a finished sweep shows: summary, thresholds, figures, page."""
