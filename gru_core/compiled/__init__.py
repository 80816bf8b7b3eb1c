"""The equations, compiled: step loops and backward passes at the speed of fused C++.

Data flows one way. `forms` names what a kernel depends on; `source` writes its source from the
table of equations; `compiler`, in a process of its own, turns it into machine code with Numba;
`disk` keeps that; `loading` makes it callable; `kernels` hands it out once it is there; `steps`
and `back` call it on the memory of a run. The NumPy steppers of the cells are the reference, and
compute whatever has no kernel yet.
"""
