"""To a file: encoders that stream the renderer's samples."""
