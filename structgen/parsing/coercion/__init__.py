"""Coerce a value to a schema, and account for every change."""
