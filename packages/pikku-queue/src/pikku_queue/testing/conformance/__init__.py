"""Suites that backends of queues and schedules pass."""
