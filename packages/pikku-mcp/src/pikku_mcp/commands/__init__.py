"""The commands `pikku mcp ...`."""
