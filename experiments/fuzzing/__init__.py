"""Hostile and unusual inputs: made at random, tried, and reported where the program fails."""
