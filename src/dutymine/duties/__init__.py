"""Duties: clauses of the duty list, what they are about and what power they give."""
