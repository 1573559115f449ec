"""The schemas of the data types: the one step that imports a project's modules, in a process of its own."""
