"""What a person asks for: the regions, the fields of a request, and how they are read."""
