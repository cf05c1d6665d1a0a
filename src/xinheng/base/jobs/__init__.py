"""Work in the background: asked for in the transaction of an action, done by a worker, never lost and never doubled.

A job waits in the same database as the books, so one asked for in a transaction that fails never existed.  A worker
claims it by writing its own name on it and says every few seconds that it lives; when that ceases, another worker takes
the job up again.  What lands is written together with the job's result, under the worker's name: whoever has lost the
job meanwhile lands nothing.
"""
