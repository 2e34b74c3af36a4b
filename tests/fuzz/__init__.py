"""Texts that nobody wrote, read by the front end in a process that may die of them."""
