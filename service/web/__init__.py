"""The console: templates, static files, and how a document becomes a page; `service/routes/console/` serves it."""
