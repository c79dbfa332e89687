"""What was practised, scored and reviewed, as it is kept."""
