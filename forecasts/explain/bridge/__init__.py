"""Why one forecast costs other than another: the difference of two frozen plans in parts that add up to the cent."""
