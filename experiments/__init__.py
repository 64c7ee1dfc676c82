"""Commands that run the model, sweep it, calibrate it, validate it and show its results."""
