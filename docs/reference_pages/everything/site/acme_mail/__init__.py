"""An addon as it lies where it is installed."""
