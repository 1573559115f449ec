"""The server of `pikku serve` and `pikku dev`: connections, limits, an end without loss."""
