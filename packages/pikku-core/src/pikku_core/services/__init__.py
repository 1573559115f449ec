"""What several transports share; empty until the second one needs it."""
