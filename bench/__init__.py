"""Benchmarks: each prints what it took, what was asked, and the ratio to the floor."""
