"""Find JSON in a text: between prose, in Markdown fences, or as a text without brackets."""
