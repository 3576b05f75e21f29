"""From a plan to a queued forecast with frozen inputs, and from frozen inputs to a budget."""
