"""`python -m simsvc`: the same as the command `simsvc`."""

from simsvc.cli.app import main

if __name__ == "__main__":
    main()
