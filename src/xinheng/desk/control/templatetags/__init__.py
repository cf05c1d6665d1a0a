"""What templates may say about decisions."""
