"""What the guard weighs besides the key itself: who was just here, where a request comes from, how often one tries."""
