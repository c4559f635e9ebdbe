"""Texts for people, in Markdown, HTML and a terminal. Nothing here knows of mail."""
