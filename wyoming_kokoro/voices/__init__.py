"""Voice packs: reading, blending, keeping."""
