"""From overrides on a command line to a checked scenario."""
