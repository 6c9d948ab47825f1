"""Benchmarks of the whole executable against what else could fetch the same answers, on loopback; scripts/bench runs them."""
