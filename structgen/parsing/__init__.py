"""Parse, repair and coerce JSON texts."""
