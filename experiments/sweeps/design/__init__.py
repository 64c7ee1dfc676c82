"""What a sweep is to simulate: axes, samples, the design, its runs, and the tasks they make."""
