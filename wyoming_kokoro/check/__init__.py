"""The check of a model on the machine that it is to speak on: a fixed set of sentences, measured.

casts -> trial (texts, measures) -> findings (bounds) -> report, and verdicts that are kept
"""
