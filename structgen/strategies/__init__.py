"""Strategies: from a task to a valid value, by attempts at an engine."""
