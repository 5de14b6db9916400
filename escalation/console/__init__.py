"""The console: where counsellors find the children who wait, and answer them."""
