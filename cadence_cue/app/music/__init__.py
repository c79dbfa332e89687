"""The runner's own music under a performance: as it is, or on its beat."""
