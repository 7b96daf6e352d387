"""The command line: a skin. Options in, one call, print. Nothing heavy is imported before a command is chosen."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from dutymine.commands.catalogue import COMMANDS, Command
from dutymine.commands.outcome import INPUTS_FAILED, INTERRUPTED, WRONG_USAGE, Outcome, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 all done, 1 some inputs failed, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if given[:1] == ["--version"]:
        from dutymine.engines.record import version  # noqa: PLC0415

        print(f"dutymine {version()}")
        return 0
    command = next((item for item in COMMANDS if given[:1] == [item.name]), None)
    if command and not command.module and not {"-h", "--help"} & set(given):
        return _end(command, Outcome(WRONG_USAGE, notes=("this command is not built yet in this version",)))
    options = _parser(command).parse_args(given)
    if command is None:
        return WRONG_USAGE
    return _end(command, _run(command, options))


def _parser(chosen: Command | None) -> argparse.ArgumentParser:
    """The parser of all commands; only the chosen one's module is imported for its arguments."""
    parser = argparse.ArgumentParser(
        prog="dutymine",
        description="Duties, goals, indicators and money out of Chinese departments' budget disclosures.",
        epilog="example: dutymine extract disclosures/ --out results",
    )
    parser.add_argument("--version", action="store_true", help="show the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        does = command.does if command.module else f"{command.does} (not built yet)"
        own = commands.add_parser(command.name, help=does, description=f"{does}.", epilog=f"example: {command.example}")
        if command is chosen and command.module:
            importlib.import_module(command.module).add_arguments(own)
    return parser


def _run(command: Command, options: argparse.Namespace) -> Outcome:
    from dutymine.duties.classifier import ModelError  # noqa: PLC0415
    from dutymine.lexicon import LexiconError  # noqa: PLC0415

    try:
        outcome: Outcome = importlib.import_module(command.module).run(options)
    except (UsageError, LexiconError, ModelError) as error:
        return Outcome(WRONG_USAGE, notes=(str(error),))
    except OSError as error:
        return Outcome(INPUTS_FAILED, notes=(str(error),))
    except KeyboardInterrupt:
        return Outcome(INTERRUPTED, notes=("interrupted; tables that stood before are untouched",))
    return outcome


def _end(command: Command, outcome: Outcome) -> int:
    for note in outcome.notes:
        print(f"dutymine {command.name}: {_one_line(note)}", file=sys.stderr)
    try:
        if outcome.text:
            print(outcome.text, flush=True)
    except BrokenPipeError:
        # The reader (head, less) has enough; keep Python from complaining when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return outcome.status


def _one_line(note: str) -> str:
    """A note with the line ends and control characters of a file's name made visible."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in note)


if __name__ == "__main__":
    sys.exit(main())
