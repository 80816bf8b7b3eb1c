"""Learning to turn one sequence into another, of another length."""
