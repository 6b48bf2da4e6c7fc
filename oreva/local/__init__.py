"""`oreva up`: an embedded AWS with the real template, on this machine."""
