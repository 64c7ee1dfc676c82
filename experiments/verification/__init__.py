"""Checking a result, a store or a fit against its record, and against itself made again."""
