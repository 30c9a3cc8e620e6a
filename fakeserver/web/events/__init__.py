"""Event streams and long polls: telling clients of the control plane what happens."""
