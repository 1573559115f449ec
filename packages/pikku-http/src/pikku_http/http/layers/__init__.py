"""Layers: what stands round whole routes, such as CORS, security headers and compression."""
