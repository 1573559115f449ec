"""Other applications beside the routes, below prefixes."""
