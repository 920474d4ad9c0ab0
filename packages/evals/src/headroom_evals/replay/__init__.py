"""Recorded conversations, request by request: what they cost with and without compression."""
