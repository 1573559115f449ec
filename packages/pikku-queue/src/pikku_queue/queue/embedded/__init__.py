"""The embedded backend: jobs in a SQLite file, worked off by the processes that open it."""
