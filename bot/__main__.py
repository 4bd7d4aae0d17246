"""`python -m bot COMMAND`: every command is the module of its name in `bot.commands`."""

import argparse
import importlib
import sys

from bot.errors import PostboteError

COMMANDS = {
    "run": "serve: gateway, worker, desk and delivery in one process",
    "gateway": "serve the doors of customers and vendors, beside workers and a desk (PostgreSQL)",
    "worker": "take turns and deliver, beside gateways and other workers (PostgreSQL)",
    "train": "train the model if it is missing or its sources changed",
    "ask": "print as JSON what the bot would do with a text",
    "evaluate": "measure understanding on a file of labelled messages",
    "doctor": "check settings, database, model, channels and all that is connected; says what to do",
    "health": "ask the process that serves here whether it can work; for container platforms",
    "migrate": "bring the database to this release, before the processes start that need it",
    "trace": "the road of one conversation: messages, decisions, deliveries, tickets, people",
    "backup": "copy the database into a file, while the server runs",
    "restore": "put such a copy in the place of the database",
    "privacy": "delete what was kept for its time; export or erase all about one person",
    "settings": "print every setting with its meaning and default",
    "faq": "show, check or import FAQ entries, have phrasings drafted",
    "channels": "list channels with their state, tell a vendor our address",
    "tickets": "list tickets, set the state of one, send dead letters again",
    "desk": "add the first admin of the desk; list accounts, set a password, unlink, deactivate",
    "rasa": "run a command of Rasa on this project",
}


def main(arguments: list[str]) -> int:
    """Run one command; its exit code is 0, 1 when it found something to complain of, 2 on wrong use."""
    if arguments and arguments[0] in COMMANDS:
        # Imported by name, so that `faq check` does not wait for Rasa's import.
        command = importlib.import_module(f"bot.commands.{arguments[0]}")
        parser = argparse.ArgumentParser(prog=f"python -m bot {arguments[0]}", description=command.__doc__)
        command.add_arguments(parser)
        try:
            code: int = command.run(parser.parse_args(arguments[1:]))
        except PostboteError as error:
            print(f"{error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
        return code
    width = max(map(len, COMMANDS))
    print("usage: python -m bot COMMAND …\n")
    print("\n".join(f"  {name:<{width}}  {purpose}" for name, purpose in COMMANDS.items()))
    return 0 if not arguments or arguments[0] in {"-h", "--help"} else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
