"""The house's front: settings, addresses, the command line, the page shell."""
