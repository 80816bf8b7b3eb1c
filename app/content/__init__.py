"""What the page tells: the tour, the glossary and the examples."""
