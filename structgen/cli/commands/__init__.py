"""The commands of `structgen`, each in a module of its own."""
