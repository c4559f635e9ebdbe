"""Plans against tenants as they are."""
