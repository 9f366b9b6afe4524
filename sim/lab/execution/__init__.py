"""Running the worlds, wherever that is, and keeping what was finished."""
