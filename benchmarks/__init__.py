"""What is claimed about speed, each as a ratio against a peer in one run."""
