"""A picture of the plane that follows a network while it learns."""
