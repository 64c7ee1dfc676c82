"""One result folder: written, read, and traced back to code and evidence."""
