"""An encoder and a decoder as one: a sequence in, another one of any length out."""
