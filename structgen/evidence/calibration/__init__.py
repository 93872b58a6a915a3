"""Calibrate the scores of a schema with labelled rows: only then is a score a confidence."""
