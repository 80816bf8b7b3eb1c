"""One layer's mathematics: the GRU, the LSTM and the simple RNN."""
