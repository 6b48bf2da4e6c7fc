"""The entry point: a group of commands, each loaded only when it is called."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import signal
import sys

import click

from oreva._version import __version__
from oreva.errors import OrevaError

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_READER_GONE = 141
"""As a shell counts a program that SIGPIPE ended."""

_COMMANDS = {
    "scan": ("oreva.cli.scan", "Scan a directory and report what is wrong with it."),
    "findings": ("oreva.cli.findings", "List findings, look at one, dismiss or reopen it."),
    "rules": ("oreva.cli.rules", "List, test, check and begin rules."),
    "up": ("oreva.cli.up", "Bring up the AWS pipeline on this machine, without an account."),
    "down": ("oreva.cli.up", "Stop what `up` has started."),
    "triage": ("oreva.cli.triage", "Measure how well a triager judges."),
    "doctor": ("oreva.cli.doctor", "Say what is installed, what is missing and how to get it."),
}
"""Name to the module that holds the command of that name, and the line that `--help` shows without loading it."""


class ReaderGoneError(Exception):
    """Nobody reads standard output any more."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called: `--help` costs no scanner, no model and no table."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that has gone is no error of the system, which click would end with status 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGoneError from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order people need them."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(_COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101  (narrows the type)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that is none is answered with the nearest one."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            import difflib  # noqa: PLC0415  (only on a mistake)

            near = difflib.get_close_matches(name, _COMMANDS, n=1)
            hint = f"did you mean `oreva {near[0]}`?" if near else "see `oreva --help`"
            raise click.UsageError(f"no such command {name!r}; {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="oreva %(version)s")
def oreva() -> None:
    """Oreva scans code for security defects: Semgrep and Bandit, one finding per problem, nothing missed silently.

    \b
    Begin with:
      oreva scan .                     scan this directory and print a report
      oreva scan . --diff main         only what your change introduces
      oreva findings list              what is open
      oreva doctor                     is everything there?
    """


def main() -> None:
    """Run the command line: errors made on purpose become one line and exit status 2, and so does any other."""
    for name in ("SIGTERM", "SIGHUP"):  # so that temporary files go with the scan
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _interrupt)
    gc.set_threshold(50_000)  # a scan makes many small objects that all live until the report is written
    try:
        status = oreva.main(prog_name="oreva", standalone_mode=False)
    except click.exceptions.Exit as stop:
        status = stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        status = EXIT_USAGE
    except click.ClickException as error:
        _complain(error.format_message())
        status = EXIT_USAGE
    except OrevaError as error:
        _complain(str(error))
        status = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _complain("interrupted; what was finished is kept, and the next scan goes on from there")
        status = EXIT_INTERRUPTED
    except ReaderGoneError:
        from oreva.cli.output import forget_reader  # noqa: PLC0415  (only when it happens)

        forget_reader()
        status = EXIT_READER_GONE
    except OSError as error:
        _complain(_trouble(error))
        status = EXIT_USAGE
    except Exception:  # noqa: BLE001  # a status of 1 would say that there are findings
        import traceback  # noqa: PLC0415  (only when it happens)

        _complain(traceback.format_exc())
        _complain("this is a defect of Oreva, and nothing was reported; please send the lines above to its developers")
        status = EXIT_USAGE
    sys.exit(status if isinstance(status, int) else 0)


def _complain(message: str) -> None:
    from oreva.reports.text_safety import terminal  # noqa: PLC0415  (only on an error)

    for line in message.splitlines():
        click.echo(f"oreva: {terminal(line)}", err=True)


def _trouble(error: OSError) -> str:
    """What the system refused, in words: a full disk for temporary files above all."""
    from oreva.sources.display import shown  # noqa: PLC0415  (only on an error)

    reason = error.strerror or type(error).__name__
    place = f"{shown(os.fsdecode(error.filename))}: " if isinstance(error.filename, str | bytes) else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{place}{reason}; free some space there, or set TMPDIR to a directory that has more"
    return f"{place}{reason}; check it with `oreva doctor` and scan again"


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
