"""Long texts: a job in, spoken sentence by sentence in the background and kept as it goes, whole
files with chapters out. What was spoken survives whatever ends the process."""
