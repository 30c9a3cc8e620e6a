"""The control plane below `/_fake/`: JSON in and out, one file a resource, one function a route.

Every route is described in the OpenAPI document (`openapi.json`), whose schemas check the bodies; a test
compares the two. A request is checked as a whole before anything changes.
"""
