"""Middleware that finds out who calls, and what goes with it."""
