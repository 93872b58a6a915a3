"""Generate instances of a schema, and patch values with them."""
