"""The routes, a file for each concern."""
