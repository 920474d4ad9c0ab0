"""Load for the shop, and the gateway that it charges at."""
