"""English, American and British: `language` has the tables, the rest what they are made of."""
