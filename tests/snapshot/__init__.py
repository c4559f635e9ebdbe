"""Exports of tenants and how they are read."""
