"""What many plans of one horizon cost, in lines as a forecast enters them."""
