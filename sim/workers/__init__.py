"""How workers behave, one file a kind of group."""
