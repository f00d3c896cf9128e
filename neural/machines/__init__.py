"""Machines: programs whose every decision is a kernel's, on as many numbers as there are."""
