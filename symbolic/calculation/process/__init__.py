"""The confined process in which programs of calculations run.

Reading order: `confinement`, `worker`, `running`.
"""
