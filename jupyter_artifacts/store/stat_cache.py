"""Stat cache."""

Facts = tuple[int, int, int, int]
