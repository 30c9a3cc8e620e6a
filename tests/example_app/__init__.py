"""An application as a team would write it, and its tests with the fixtures of the plugin: to copy from.

The application knows nothing of the fake: it is configured with an endpoint and a key, as in production.
"""
