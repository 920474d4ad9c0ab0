"""Measure Headroom, beside other systems on the same inputs: ``python -m headroom_evals``."""
