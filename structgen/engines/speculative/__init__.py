"""Speculative decoding without a draft model: drafts come from the grammar, the prompt and the document."""
