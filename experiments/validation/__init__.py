"""Tests of the model against what the calibration did not see."""
