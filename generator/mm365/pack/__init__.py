"""The folder that goes to change approval: what is in it, writing it, verifying it."""
