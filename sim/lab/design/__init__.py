"""From an experiment file in TOML to the cells that have to be run."""
