"""The systems under measurement: compressors in processes of their own, and simple controls."""
