"""Measurements, not tests: `script/bench` runs them, and nothing here asserts."""
