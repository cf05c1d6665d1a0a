"""The browser's door to files: what was imported, and a file on its way into the books."""
