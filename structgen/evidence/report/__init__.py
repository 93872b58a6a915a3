"""Show documents and their objects side by side in one HTML file."""
