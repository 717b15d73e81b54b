"""python infra/operate COMMAND --stack STACK; see commands.py."""

import sys

import commands

if __name__ == "__main__":
    sys.exit(commands.main())
