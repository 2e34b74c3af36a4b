"""Kokoro by PyTorch: the reference."""
