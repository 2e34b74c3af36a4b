"""What turns tokens into samples."""
