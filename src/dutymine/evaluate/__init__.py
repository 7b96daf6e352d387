"""Evaluate: gold against results."""

from __future__ import annotations

from dutymine.evaluate.scores import Error, GoldError, Scores, evaluate

__all__ = ["Error", "GoldError", "Scores", "evaluate"]
