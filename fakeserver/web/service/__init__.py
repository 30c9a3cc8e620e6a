"""The service itself, `/webservice/server`."""
