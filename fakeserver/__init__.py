"""A stateful simulator of the mydnspanel.com SMS web service."""

__version__ = "0.1.0"
