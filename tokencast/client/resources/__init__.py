"""One module for each resource of the API, or a folder where it has several."""
