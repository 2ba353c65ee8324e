"""A pad to draw a small picture on."""
