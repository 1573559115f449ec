"""The OpenAPI document over HTTP, and a page to read and try it."""
