"""Files that hold named arrays: safetensors and NumPy's npz."""
