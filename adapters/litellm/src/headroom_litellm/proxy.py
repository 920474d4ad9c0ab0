"""What a proxy's configuration can name without a file of its own."""

from headroom_litellm.hook import HeadroomCallback

callback = HeadroomCallback()
"""``litellm_settings: {callbacks: headroom_litellm.callback}``: a callback as it comes."""
