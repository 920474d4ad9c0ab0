"""headroom-conformance."""
