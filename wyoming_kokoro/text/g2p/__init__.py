"""Grapheme to phoneme, one file a language family."""
