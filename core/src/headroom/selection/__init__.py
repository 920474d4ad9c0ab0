"""What stays: novelty, outliers, relevance, budgets. Scores in, kept units out."""
