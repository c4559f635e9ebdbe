"""What MailMarshal Cloud's Integrated mode creates in a tenant, why, and what can go wrong."""
