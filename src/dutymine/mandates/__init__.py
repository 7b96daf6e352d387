"""Many documents: templates, deviations, relations, drift; pure functions and the SQL text of the joins."""
