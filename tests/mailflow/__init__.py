"""The model of mail flow."""
