"""Certificates of networks: files that prove a property, and a checker that trusts no search.

The trusted base is two files that import nothing of Abduce: `translate` says what is claimed, in
integers, and `kernel` checks it.

Reading order: `translate`, `kernel`; `certificate`, the form of the file; `claims`, the claim of
two files; `checking`, a certificate against two files; `choosing`, choices in the kernel's form;
`writing`, a search for a certificate in the kernel's arithmetic alone; `tracing`, a search of the
verifier in that arithmetic.
"""
