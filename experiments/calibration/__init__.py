"""Fitting the uncertain parameters to what was observed up to the end of 2018."""
