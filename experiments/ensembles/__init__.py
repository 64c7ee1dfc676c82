"""Many replicates of one scenario, under draws of the uncertain parameters."""
