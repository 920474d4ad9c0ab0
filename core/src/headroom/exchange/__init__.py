"""One request to a provider and its answers: compressed, retrievals answered, sans IO."""
