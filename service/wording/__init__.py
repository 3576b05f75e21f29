"""What is said about a forecast in sentences, the same in the terminal and on pages; plain documents in, text out."""
