"""A passage in, phonemes and tokens out: stateless, in the process that reads."""
