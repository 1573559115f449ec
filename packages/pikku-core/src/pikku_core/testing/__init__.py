"""The kit for tests of projects and plugins; empty so far."""
