"""Writing `.pikku/`: what a project's model says, as files that the runtime and tools read."""
