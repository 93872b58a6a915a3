"""Lower a schema to one that a grammar backend enforces, and report every constraint."""
