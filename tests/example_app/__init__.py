"""An example to copy from: an application, and its tests with the fixtures of the plugin.

The application does not know the sandbox. It is configured with an endpoint and an API key, as in production.
"""
