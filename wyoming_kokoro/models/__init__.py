"""The released models: what there is, fetching it, reading it."""
