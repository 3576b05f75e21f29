"""What hardware does and costs by the packaged evidence: benchmark series, rates per GPU-hour, and the comparison."""
