"""The ordered steps of a change; each knows its inverse."""
