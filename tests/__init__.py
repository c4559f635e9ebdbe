"""Tests of mm365: each module is a subject, each test a sentence."""
