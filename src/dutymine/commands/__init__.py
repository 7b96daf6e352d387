"""Commands: one file a command, called by the command line and by scripts/."""
