"""Running the cells of an experiment: jobs, seeds, threads, clusters, and the store of finished runs."""
