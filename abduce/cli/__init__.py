"""The command `abduce`: one file a command. Each parses its options, calls the library and prints.

`app` lists the commands; heavy packages are imported inside the command that needs them. `verify`
and `vnncomp` have a parser of their own, because start-up time counts there.

Reading order: `recording`, `terminal`, `verify_options`, `answer`, `bench`, `data`, `demo`,
`modules`, `reduce`, `learning`, `programs`, `solve`, `soundness`, `verify`, `job_options`,
`kernels`, `execute_module`, `execute`, `app`.
"""
