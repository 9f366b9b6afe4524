"""From a question in TOML to the worlds that have to be run."""
