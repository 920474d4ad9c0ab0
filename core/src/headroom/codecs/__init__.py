"""One wire format each: read segments, write texts back into the same objects."""
