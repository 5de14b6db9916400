"""The words: catalogues by locale, services by country, and the code that loads and checks them."""
