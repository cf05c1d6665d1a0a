"""What templates of all chapters may say."""
