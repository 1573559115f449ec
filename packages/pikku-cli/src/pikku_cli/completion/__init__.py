"""Completion in shells: what the words so far can be followed by, and the scripts that ask for it."""
