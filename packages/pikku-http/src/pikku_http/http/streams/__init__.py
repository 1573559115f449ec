"""Answers that come piece by piece: NDJSON, bytes, server-sent events."""
