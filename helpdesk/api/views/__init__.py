"""What each address answers, a file per noun."""
