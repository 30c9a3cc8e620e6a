"""How things are written: phone numbers, parameters, message parts, patterns, JSON, dates. Pure functions."""
