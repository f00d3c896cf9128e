"""The command `abduce`: one file a command; `bench` and groups of commands have folders.

Each file parses the options of its command, calls the library and prints.

`app` lists the commands; heavy packages are imported inside the command that needs them. `verify`
and `vnncomp` have a parser of their own, because start-up time counts there.

Reading order: `recording`, `terminal`, `verify_options`, `patterns`, `images`, `answer`, `bench`,
`data`, `demo`, `modules`, `reduce`, `learning`, `programs`, `calculating`, `queries`, `problems`,
`certificates`, `solve`, `networks`, `verify`, `job_options`, `kernels`, `execute_module`,
`execute`, `doctor`, `app`.
"""
