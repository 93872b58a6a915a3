"""Find each scalar of an object in the text that it came from, by searching the value."""
