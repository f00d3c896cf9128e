"""Proof of what was learned. Empty in this version: nothing here can be used yet."""
