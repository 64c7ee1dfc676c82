"""Workers and state actors as Mesa agents: light views over the columns, and the two agencies that decide for all."""
