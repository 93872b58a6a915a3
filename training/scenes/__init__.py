"""Documents of many languages and kinds, each with its schema and answer."""
