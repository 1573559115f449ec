"""Writing what is new: from a template and a name to files."""
