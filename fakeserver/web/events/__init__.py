"""Event streams and long polls, which inform clients of the control plane about changes."""
