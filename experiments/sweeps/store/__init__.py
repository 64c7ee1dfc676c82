"""Where a sweep keeps its runs: files that stay whole, whatever happens to the machine."""
