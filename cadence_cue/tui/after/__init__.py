"""What is saved and asked after something was played."""
