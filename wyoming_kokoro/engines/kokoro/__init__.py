"""What every engine of Kokoro shares: numbers and the plan."""
