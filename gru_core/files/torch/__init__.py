"""Files written by torch.save."""
