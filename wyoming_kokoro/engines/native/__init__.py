"""The generator of our own: C++ behind a C interface, called through ctypes."""
