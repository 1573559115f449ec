"""The tool's own commands, one module each."""
