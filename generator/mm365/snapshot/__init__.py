"""What a tenant has, read from JSON that our own read-only script or another tool exported."""
