"""``python -m geoaddr.cli``: the command line without its console script."""

from geoaddr.cli.main import main

if __name__ == "__main__":
    main()
