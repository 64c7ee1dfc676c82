"""How a command meets the world: signals that end it, and streams that may be closed."""
