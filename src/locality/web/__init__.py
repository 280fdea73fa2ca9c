"""Pages of the loop: views ask the workbench and hand figures, statements and tables on.

* ``serving``: the server on this computer.
* ``here``: the workbench of one request, and answers already worked out.
* ``pages``: one module a subject.
* ``charts``: pictures at addresses of their own.
* ``downloads``: CSV, Excel, Parquet.
* ``api``: the same figures as JSON.
"""
