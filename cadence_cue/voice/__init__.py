"""Speech as clips: shipped ones, texts spoken by the model, and the coach's recordings."""
