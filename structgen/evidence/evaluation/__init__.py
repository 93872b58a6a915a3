"""Evaluate extracted objects against gold objects, and show them beside their documents."""
