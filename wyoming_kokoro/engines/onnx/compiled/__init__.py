"""What lies compiled on disk, and how it gets there."""
