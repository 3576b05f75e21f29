"""The Litestar application and everything that touches the outside: storage, queue, command line."""
