"""Parse JSON texts while they are being generated."""
