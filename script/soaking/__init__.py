"""`script/soak`: many requests to one server, and what it has kept of them."""
