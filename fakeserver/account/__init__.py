"""One account: everything that belongs to one API key. Nothing in here knows another account."""
