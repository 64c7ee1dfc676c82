"""How findings are shown: figures, and sentences."""
