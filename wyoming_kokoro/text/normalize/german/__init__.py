"""German: `language` has the table, the rest what it is made of."""
