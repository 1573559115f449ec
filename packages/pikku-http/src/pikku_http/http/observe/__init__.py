"""What is told of requests: the access log, OpenTelemetry, and the id that they have in common."""
