"""The graph canvas: a component of our own, in plain JavaScript modules."""
