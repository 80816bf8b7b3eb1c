"""Work that takes time: one file for each kind of job, found through a registry."""
