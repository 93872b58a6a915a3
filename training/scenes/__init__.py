"""Documents of the wide world, many languages and forms, with what is asked of each and the answer."""
