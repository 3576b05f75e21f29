"""Webhooks on the wire: what events say, how they are signed, where they may go, and what an answer means."""
