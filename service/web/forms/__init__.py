"""The forms of workloads and fleets, said once: which field fills what, and how a stored document fills a form."""
