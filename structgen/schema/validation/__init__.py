"""Validate values under a full schema."""
