"""Measurements of ratios, each in one run on one machine."""
