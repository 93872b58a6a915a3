"""Long documents: rows that a text has, segments of it, and lists merged from them."""
