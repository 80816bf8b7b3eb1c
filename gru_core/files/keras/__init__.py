"""Files written by Keras."""
