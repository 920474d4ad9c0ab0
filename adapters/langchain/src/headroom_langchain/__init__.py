"""headroom-langchain."""
