"""The simulated panel: plain, synchronous, deterministic. No I/O, no clock, no chance of its own."""
