"""Which kind of content a text is, and which compressor serves it."""
