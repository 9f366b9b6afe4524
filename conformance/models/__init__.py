"""Published models and other reference models, built from parts of the economy."""
