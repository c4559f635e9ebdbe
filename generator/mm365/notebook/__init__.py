"""The notebooks: their state as plain data, and their screens."""
