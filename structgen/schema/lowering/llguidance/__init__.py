"""The target llguidance 1.x: its unsupported keywords and patterns, and the widening of what it refuses."""
