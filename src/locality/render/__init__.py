"""What is seen: ``pictures/`` (chart, table, sentence) and ``papers/`` (CSV, Excel, Parquet).

They take figures, statements and tables and nothing else, and compute no evidence.
"""
