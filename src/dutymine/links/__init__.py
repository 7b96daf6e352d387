"""Links: what belongs to what inside one document (duty, goal, indicator, money)."""
