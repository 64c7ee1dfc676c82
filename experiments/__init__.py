"""What people do with the model: run it, sweep it, look at it."""
