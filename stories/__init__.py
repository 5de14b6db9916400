"""The dialogue: rules and guides that Rasa leads through, its door to the application, and its memory."""
