"""What is measured, against which limit of the same machine in the same run (`make bench`, RESULTS.md).

run.py makes books on both engines and asks parts.py, in processes of their own, for each figure; report.py holds the
aims and floors and writes the page.
"""
