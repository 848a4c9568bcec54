"""What is typed in a cell: magics, their options, the life of a tracked cell."""
