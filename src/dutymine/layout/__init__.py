"""Layout: from a text to its outline, its tables and its lists."""
