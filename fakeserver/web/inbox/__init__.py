"""The inbox page: a static page that talks to the control plane."""
