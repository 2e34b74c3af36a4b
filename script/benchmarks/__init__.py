"""Measure: `script/bench --help` lists what."""
