"""What Exchange Online knows: kinds of objects, their settings, and where the facts come from."""
