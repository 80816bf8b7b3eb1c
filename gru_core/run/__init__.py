"""What one run over a sequence needs: inputs, buffers, clamps, the trace and the way back."""
