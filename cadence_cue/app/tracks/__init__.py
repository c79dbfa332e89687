"""Tracks: made, listed, made again, and handed to a phone or a watch."""
