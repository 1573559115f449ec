"""A project that uses everything there is."""
