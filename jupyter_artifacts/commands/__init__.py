"""What can be typed, as values: the options that magics and the command line share. A leaf."""
