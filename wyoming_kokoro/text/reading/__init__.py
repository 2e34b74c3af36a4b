"""A stream of text in, passages out: per request, stateful, on the event loop."""
