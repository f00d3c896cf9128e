"""What learns by gradient. Empty in this version: nothing here can be used yet."""
