"""Files of named arrays: safetensors and NumPy's npz."""
