"""Languages without rules of their own: `language` makes their tables."""
