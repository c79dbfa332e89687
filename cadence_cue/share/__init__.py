"""Sharing with a phone: a track served on the local network for a while, and a card to print."""
