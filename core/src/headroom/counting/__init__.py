"""Text to tokens: the counter protocol, the bundled counter, and what its numbers are called."""
