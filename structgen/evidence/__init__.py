"""Evidence for extracted values: where each stands in the source, and how sure it is."""
