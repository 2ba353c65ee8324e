"""The live chart: a component of our own, fed by server-sent events."""
