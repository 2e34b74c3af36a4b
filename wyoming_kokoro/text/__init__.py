"""From written text to the model's tokens."""
