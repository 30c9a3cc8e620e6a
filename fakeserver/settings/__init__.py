"""An account's settings: their shapes, their defaults, their schema, and the configuration file."""
