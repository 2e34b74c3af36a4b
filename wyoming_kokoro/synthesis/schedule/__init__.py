"""Whose turn it is, by which clock."""
