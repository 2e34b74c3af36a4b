"""How clients find the server."""
