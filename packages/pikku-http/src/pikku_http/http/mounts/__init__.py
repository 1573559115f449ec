"""Other applications beside the routes, folders of files, and health."""
