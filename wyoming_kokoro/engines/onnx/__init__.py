"""Kokoro by ONNX Runtime."""
