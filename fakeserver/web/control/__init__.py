"""The control plane below `/_fake/`: JSON in and out, one function a route, grouped by what it speaks of.

Every route is named in the OpenAPI document (`openapi.json`), whose schemas check the bodies; a
test compares the two. What is asked for has been looked at as a whole before anything changes.
"""
