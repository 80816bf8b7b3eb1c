"""Files of named arrays: safetensors and NumPy's npz, and the names of other frameworks."""
