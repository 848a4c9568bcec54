"""Contract suites and fakes, for this package's own tests and for other implementations of its protocols."""
