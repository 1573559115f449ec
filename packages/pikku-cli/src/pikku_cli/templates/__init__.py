"""What `pikku new` writes, a module for each template; `$snake` and the like are filled in by `Naming.fill`."""
