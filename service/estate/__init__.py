"""What a workspace has stored, seen as a plan; a plan document applied to what is stored."""
