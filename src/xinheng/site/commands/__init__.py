"""The command line, one file for each thing it is about."""
