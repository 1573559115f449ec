"""Files: as answers, and folders of them, with ranges and conditions."""
