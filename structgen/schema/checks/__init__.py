"""Check that a schema is well-formed, satisfiable and meant as written."""
