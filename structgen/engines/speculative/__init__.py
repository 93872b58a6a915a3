"""Drafts: what an answer most likely says next, for the model to confirm several tokens in one pass."""
