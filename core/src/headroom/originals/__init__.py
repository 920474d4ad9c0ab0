"""Keeping originals and giving them back: handles, markers, stores, retrieval, the tool."""
