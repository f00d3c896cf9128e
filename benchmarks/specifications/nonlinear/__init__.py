"""Networks of other functions than relu: what alpha bounds prove of them, and what branching adds.

Reading order: `families` has the networks, `training` trains one, `graphs` writes it as ONNX,
`making` keeps them in a folder. `jobs` says what is asked, `asking` asks the verifier, `run` keeps
the records, and `table` shows them.
"""
