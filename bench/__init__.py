"""The benchmark: one load generator, our server, and the bare relay that it is compared with in the same run."""
