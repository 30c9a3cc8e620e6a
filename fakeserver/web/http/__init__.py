"""HTTP connections: the protocol that answers requests to the service, and the runner of the server."""
