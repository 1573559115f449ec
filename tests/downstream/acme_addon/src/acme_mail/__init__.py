"""Mail for Pikku projects."""
