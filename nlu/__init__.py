"""What children say, and how it is read: lines, glossaries, patterns and the models fitted on them."""
