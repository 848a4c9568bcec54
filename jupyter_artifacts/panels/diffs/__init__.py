"""What is different between two versions: files, keys, and what is inside of files."""
