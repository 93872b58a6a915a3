"""Long documents read in segments: their tasks, the check of their rows, and the list merged from them."""
