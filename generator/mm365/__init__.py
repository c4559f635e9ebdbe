"""Turns one request into a change pack for MailMarshal Cloud's Microsoft 365 Integrated mode."""

__version__ = "0.2.0"
