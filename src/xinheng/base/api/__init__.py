"""What every route of the API stands on: keys, problems, answers that are given once, pages of lists.

Nothing here is loaded by the command line or the rule book: django-ninja wants Django's settings first.
"""
