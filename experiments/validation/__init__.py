"""What the calibration did not see: natural experiments elsewhere, and elasticities that emerge."""
