"""What the state decides: dates, permits, enforcement, levers."""
