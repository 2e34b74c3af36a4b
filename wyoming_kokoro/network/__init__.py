"""Wyoming over the network: events in, audio events out."""
