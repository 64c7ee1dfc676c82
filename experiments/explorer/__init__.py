"""The explorer: a page on this machine on which every change of a scenario is simulated at once."""
