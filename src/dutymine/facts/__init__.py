"""Facts: sums of money, targets, indicators, goals, institutions, purchases, and who speaks."""
