"""What makes the model fast: state, records, random draws, and everything compiled."""
