"""dutymine: duties, goals, indicators and money out of Chinese departments' budget disclosures."""

__version__ = "0.1.0"
