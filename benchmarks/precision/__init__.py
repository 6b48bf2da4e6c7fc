"""What a scan says of well-kept projects, and which of it is true."""
