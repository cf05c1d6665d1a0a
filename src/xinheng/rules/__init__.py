"""The rule book: facts in, decisions out.

Everything here is plain Python on the standard library, without a clock, a file or a database, so that an auditor can
read it, a test can exhaust it and a stored decision can be decided again years later.
"""
