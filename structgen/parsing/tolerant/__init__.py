"""Parse malformed JSON, and account for every fix."""
