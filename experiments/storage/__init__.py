"""The one way to disk of every command: whole files, digests, locks, and names that stay inside."""
