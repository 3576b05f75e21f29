"""What made each part of a bridge, in words: the price row, the node, the workload that grew."""
