"""headroom-evals."""
