"""Engines: many documents; they touch files and hold the clock."""
