"""How often the economy is run, and what follows from it."""
