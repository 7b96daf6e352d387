"""Output: the contract's tables as rows, written to files and read back."""
