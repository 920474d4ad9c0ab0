"""What a whole conversation adds: memory of what was said."""
