"""How the package is built: the native library, and the backend that builds it with the wheel."""
