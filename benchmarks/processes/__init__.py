"""Jobs of benchmarks, each in a process of its own, on this machine or on a cluster.

Reading order: `job` (what is to be run), `outcome` (what came of it), `process` (one job, where it
is measured), `called` (a function as a process), `backends` (where jobs are placed), `runner`.
"""
