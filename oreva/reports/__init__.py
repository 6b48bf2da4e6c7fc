"""What people and machines read: one leaf module per format."""
