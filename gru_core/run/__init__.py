"""One layer over one sequence: inputs, buffers, clamps, the trace and the backward pass."""
