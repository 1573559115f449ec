"""What `pikku doctor` looks at: the machine, what is installed, and the project."""
