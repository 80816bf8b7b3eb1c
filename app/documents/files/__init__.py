"""Opens the files of the command line: a model, its card or vocabulary, and an input."""
