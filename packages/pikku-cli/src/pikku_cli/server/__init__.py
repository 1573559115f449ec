"""Running an application: the components in one event loop, and their replacement on change."""
