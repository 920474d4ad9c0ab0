"""One kind of content each. They use notation and selection, and never import each other."""
