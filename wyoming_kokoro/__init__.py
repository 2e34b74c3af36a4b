"""Speech from text over the Wyoming protocol, made by Kokoro-82M while it is being sent."""

__version__ = "0.1.0"
