"""Scoring and checklists: the two engines that many rooms share. Pure: no store, no clock."""
