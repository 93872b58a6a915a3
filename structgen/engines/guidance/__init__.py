"""What llguidance does for every engine: grammars compiled once, ways to the end, the text as it grows."""
