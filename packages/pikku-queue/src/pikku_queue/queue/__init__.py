"""The wiring kind `queue`: functions that work off jobs."""
