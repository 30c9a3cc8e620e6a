"""One account: everything that belongs to one API key. Nothing here refers to another account."""
