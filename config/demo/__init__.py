"""`make demo` and `make reset`: the whole product on one machine, under one supervisor.

Nothing here loads Django, which would cost a second of every start; what needs it runs as a process of its own.
"""
