"""`python -m service.cli` is `tokencast`, also where the package is not installed."""

from service.cli import main

if __name__ == "__main__":
    main(prog_name="tokencast")
