"""Programs that make the tables in the package."""
