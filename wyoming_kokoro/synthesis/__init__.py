"""Where text, voices and engines meet: the chain, and whose turn it is."""
