"""One file a system under test."""
