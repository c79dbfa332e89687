"""To the phone: a track on this network for a while, and a card to print."""
