"""What only the house's own pages say."""
