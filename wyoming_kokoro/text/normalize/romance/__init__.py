"""What Spanish, French, Italian and Portuguese share."""
