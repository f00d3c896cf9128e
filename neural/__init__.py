"""What learns by gradient: kernels, small networks that are made exact and then proved."""
