# SPDX-License-Identifier: GPL-2.0
"""The vm command: build | up | down | status | shell | exec."""

import argparse
import os
import sys

import boot
import guest
import image as images
from channel import GuestGone
from machine import Machine, explain
from places import RUN
from say import Trouble, dying_cleanly, note


def parser():
    p = argparse.ArgumentParser(prog="vm", description="The guest of the lab, and its life.",
                                epilog="Exit status: the command's own (128 + signal); 2 usage; 3 environment.")
    commands = p.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="make the guest's image and its saved state, if need be")
    build.add_argument("--tree", action="store_true", help="only the unpacked Debian: enough to compile")
    build.add_argument("--refresh", action="store_true", help="anew, with today's packages and kernel")
    up = commands.add_parser("up", help="start a guest that stays")
    up.add_argument("--share", metavar="DIR", help="show DIR (a copy of it) to the guest, at its own path")
    commands.add_parser("down", help="end the guest that stays")
    commands.add_parser("status", help="what is built, what runs")
    for name, text in (("shell", "a shell in the guest"), ("exec", "run a command in the guest")):
        c = commands.add_parser(name, help=text + ": in the one that is up, else in a fresh one")
        c.add_argument("--fresh", action="store_true", help="in a fresh guest even if one is up")
        c.add_argument("--user", default="root", help="as this user (root, learner)")
        c.add_argument("--timeout", type=int, default=0, metavar="S", help="kill it after S seconds")
        if name == "exec":
            c.add_argument("args", nargs=argparse.REMAINDER, metavar="-- CMD...")
    return p


def build(options):
    image = images.build(options.refresh)
    if not options.tree:
        boot.Lab(image).saved_state()
    return 0


def up(options):
    machine, before = guest.start_up(guest.share_for(options.share) if options.share else None)
    print(f"the guest is {'already ' if before else ''}up: scripts/vm shell | exec -- CMD | down")
    return 0 if machine.alive() else 3


def down(_):
    machine = guest.find_up()
    if machine:
        machine.stop()
    print("the guest is down" if machine else "no guest was up")
    return 0


def status(_):
    image = images.current()
    if not image:
        print("image    not built yet (scripts/vm build)")
        return 0
    print(f"image    Debian {images.SUITE}, Linux {image.release}")
    lab = boot.Lab(image)
    accel = lab.accel()
    saved = os.path.exists(lab.state_path(accel))
    print(f"accel    {accel}: {lab.why()}")
    print(f"state    {'saved: a fresh guest resumes from it' if saved else 'none yet (scripts/vm build)'}")
    machine = guest.find_up()
    print(f"up       {'yes' if machine else 'no'}")
    others = [n for n in (os.listdir(RUN) if os.path.isdir(RUN) else []) if n != "up" and "." not in n]
    print(f"others   {sum(Machine(os.path.join(RUN, n)).alive() for n in others)} fresh guests at work")
    return 0


def execute(options):
    args = options.args
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Trouble("exec what? scripts/vm exec -- CMD [ARGUMENT...]", status=2)
    return run(options, args)


def shell(options):
    return run(options, ["bash", "-l"])


def run(options, args):
    given = {"user": options.user, "folder": "", "time_limit_s": options.timeout, "environment": guest.environment()}
    machine = None if options.fresh else guest.find_up()
    if machine:
        try:
            return machine.open(10).run(args, **given)
        except GuestGone as e:
            raise explain(machine, e) from e
    with guest.Fresh(install=os.path.exists(guest.INSTALL)) as fresh:
        return fresh.run(args, **given)


def main():
    options = parser().parse_args()
    actions = {"build": build, "up": up, "down": down, "status": status, "exec": execute, "shell": shell}
    return actions[options.command](options)


def guarded_main(name, function):
    """Runs a command's main(): troubles are told, signals end it cleanly."""
    try:
        with dying_cleanly():
            sys.exit(function())
    except Trouble as e:
        note(str(e))
        sys.exit(e.status)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(141)
    except OSError as e:
        note(f"{name}: {e.strerror}: {e.filename or ''}".rstrip(": "))
        sys.exit(3)


if __name__ == "__main__":
    guarded_main("vm", main)
