"""The credit policy as pages: read in words, written as forms, compared, tried, proposed and signed.

``words`` says values, ``differences`` compares two documents, ``nodes`` draws a section as a form and ``answers`` reads
it back; the pages themselves are ``reading``, ``writing``, ``deciding`` and ``trying``.
"""
