"""The explorer: a page on this machine that simulates every change of a scenario at once."""
