"""Signals of how sure an extracted value is, and the one score that they give."""
