"""A place to drop a file, which goes to the server's disk by a route of our own."""
