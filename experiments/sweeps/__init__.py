"""Sweeps: many scenarios under the same seeds, kept in a store that nothing can lose."""
