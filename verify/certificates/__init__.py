"""Certificates of networks: files that prove a property, and a checker that trusts no search.

The trusted base is two files that import nothing of Abduce: `translate` says what is claimed, in
integers, and `kernel` checks it.

Reading order: `translate`, `kernel`; `certificate`, the form of the file; `claims`, the claim of
two files; `checking`, a certificate against two files; `choosing`, choices in the kernel's form;
`config` and `writing`, a search for a certificate in the kernel's arithmetic alone; `signing`,
certificates of searches over activations; `tracing`, a search over inputs in the kernel's
arithmetic, and the certificate of a verification.
"""
