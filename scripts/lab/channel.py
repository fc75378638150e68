# SPDX-License-Identifier: GPL-2.0
"""The host's end of the channel into a guest. The frames are described in scripts/guest/channel.h."""

import errno
import fcntl
import os
import select
import selectors
import signal
import socket
import struct
import sys
import termios
import time
import tty

from say import Trouble

HEADER = struct.Struct("<B3xI")
FRAME_MAX = 1 << 20
WINDOW = 256 << 10
TTY, TTY_STDERR = 1, 2
EXITED, SIGNALLED, TIME_LIMIT, NOT_STARTED = range(4)
HELLO_AGAIN_S = (2, 4, 8, 16)
PING_EVERY_S, SILENCE_S = 5, 60  # a guest that does not even answer a ping for that long is gone


class GuestGone(Trouble):
    """The guest ended, or answers no more."""


def frame(kind, data=b""):
    return HEADER.pack(ord(kind), len(data)) + data


def strings(*items):
    return b"".join(os.fsencode(s) + b"\0" for s in items)


def connect(folder, name):
    """A connection to the socket of that name; by way of /proc, as paths of sockets must be short."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        s.connect(f"/proc/self/fd/{fd}/{name}")
    except OSError:
        s.close()
        raise
    finally:
        os.close(fd)
    return s


class Channel:
    """One port of one guest. alive() tells whether its QEMU still runs."""

    def __init__(self, folder, port, alive, hello_limit_s):
        self.folder, self.port, self.alive = folder, port, alive
        self.data = bytearray()
        self.socket = self.greet(time.monotonic() + hello_limit_s)

    def greet(self, until):
        """Connects until the agent answers."""
        while time.monotonic() < until:
            if not self.alive():
                raise GuestGone("the guest ended before it answered")
            try:
                s = connect(self.folder, self.port)
            except OSError:
                time.sleep(0.01)
                continue
            if self.ask(s, until):
                return s
            s.close()
            time.sleep(0.05)
        raise GuestGone("the guest does not answer")

    def ask(self, s, until):
        """Says hello until that very hello is answered: leftovers of others are skipped. To a slow guest it is
        said again on the same connection: the guest may hear of one that is closed only after it has answered
        on the next, and then throws away what came on that."""
        for wait_s in HELLO_AGAIN_S:
            nonce = os.urandom(8)
            try:
                s.sendall(frame("H", nonce + struct.pack("<Q", time.time_ns()) + os.urandom(32)))
            except OSError:
                return False
            if self.hear(s, frame("h", nonce), min(until, time.monotonic() + wait_s)):
                return True
        return False

    def hear(self, s, answer, until):
        heard = bytearray()
        while (left := until - time.monotonic()) > 0 and self.alive():
            s.settimeout(min(left, 0.5))
            try:
                data = s.recv(65536)
            except socket.timeout:
                continue
            except OSError:
                return False
            if not data:
                return False
            heard += data
            at = heard.find(answer)
            if at >= 0:
                self.data = heard[at + len(answer):]
                s.settimeout(None)
                return True
        return False

    def close(self):
        self.socket.close()

    def frames(self):
        """The whole frames among what was received."""
        while len(self.data) >= HEADER.size:
            kind, length = HEADER.unpack_from(self.data)
            if length > FRAME_MAX:
                raise GuestGone("the guest sends what is not a frame")
            if len(self.data) < HEADER.size + length:
                return
            body = bytes(self.data[HEADER.size:HEADER.size + length])
            del self.data[:HEADER.size + length]
            yield chr(kind), body

    def receive(self):
        try:
            data = self.socket.recv(1 << 18)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            raise GuestGone("the guest ended")
        self.data += data

    def mount(self, share):
        """/opt/oncpu from the second disk, and the shared folder at its own path from the third."""
        self.socket.sendall(frame("M", strings(share)))
        while True:
            for kind, body in self.frames():
                if kind == "m":
                    err, = struct.unpack_from("<I", body)
                    if err:
                        raise Trouble(f"the guest cannot mount {body[4:].decode()}: {os.strerror(err)}")
                    return
            if not select.select([self.socket], [], [], SILENCE_S)[0]:
                raise GuestGone(f"the guest has not answered for {SILENCE_S} s")
            self.receive()

    def run(self, args, **options):
        return Command(self, args, **options).run()

    def output(self, args):
        """Standard output of a short command that must succeed."""
        command = Command(self, args, stdin=None, streams=False)
        status = command.run()
        if status:
            raise Trouble(f"in the guest, {args[0]} failed ({status}): {command.kept_error.decode()}")
        return bytes(command.kept_output)


class Command:
    """One command in the guest, with this process's streams, terminal and signals."""

    def __init__(self, channel, args, user="root", folder="/", environment=(), time_limit_s=0, stdin=0,
                 streams=True):
        self.channel, self.args, self.user, self.folder = channel, args, user, folder
        self.environment, self.time_limit_s = list(environment), time_limit_s
        self.stdin, self.streams = stdin, streams
        self.to_guest = bytearray()
        self.to_host = {1: bytearray(), 2: bytearray()}
        self.kept_output, self.kept_error = bytearray(), bytearray()
        self.window, self.result, self.interrupts = WINDOW, None, 0
        self.terminal = streams and os.isatty(0) and os.isatty(1)
        self.heard = self.asked = time.monotonic()

    # -- starting ---------------------------------------------------------------------------

    def request(self):
        flags, rows, columns = 0, 24, 80
        if self.terminal:
            flags = TTY | (TTY_STDERR if os.isatty(2) else 0)
            columns, rows = os.get_terminal_size(0)
        head = struct.pack("<IIIHH", flags, self.time_limit_s, len(self.args), rows, columns)
        body = head + strings(self.user, self.folder, *self.args, *self.environment)
        if len(body) > FRAME_MAX:
            raise Trouble("the command line is too long for the guest (1 MiB)", status=2)
        return frame("X", body)

    def run(self):
        """The command's exit status as a shell would give it: 128 + signal if one killed it."""
        self.to_guest += self.request()
        if self.stdin is None:
            self.to_guest += frame("I")
        modes = termios.tcgetattr(0) if self.terminal else None
        try:
            if modes:
                tty.setraw(0)
            with Signals(self):
                return self.loop()
        finally:
            if modes:
                termios.tcsetattr(0, termios.TCSADRAIN, modes)

    # -- the loop ---------------------------------------------------------------------------

    def loop(self):
        selector = selectors.DefaultSelector()
        s = self.channel.socket
        s.setblocking(False)
        selector.register(s, selectors.EVENT_READ)
        selector.register(self.wake, selectors.EVENT_READ)
        watching = self.watch_stdin(selector, False)
        self.take_frames()
        while self.result is None:
            watching = self.watch_stdin(selector, watching)
            selector.modify(s, selectors.EVENT_READ | (selectors.EVENT_WRITE if self.to_guest else 0))
            for event, mask in selector.select(1):
                self.serve(event.fileobj, mask)
            self.check_pulse()
        s.setblocking(True)
        return self.status()

    def watch_stdin(self, selector, watching):
        wanted = self.stdin is not None and self.window > 0
        if wanted and not watching:
            try:
                selector.register(self.stdin, selectors.EVENT_READ)
            except PermissionError:  # a plain file is always ready: read it here
                self.read_stdin()
                return False
            except (OSError, ValueError):  # closed
                self.end_stdin()
                return False
        elif watching and not wanted:
            selector.unregister(0)
        return wanted

    def serve(self, what, mask):
        if what is self.channel.socket:
            if mask & selectors.EVENT_WRITE:
                self.write_socket()
            if mask & selectors.EVENT_READ:
                self.channel.receive()
                self.take_frames()
        elif what is self.wake:
            os.read(self.wake, 4096)
        else:
            self.read_stdin()

    def write_socket(self):
        try:
            del self.to_guest[:self.channel.socket.send(self.to_guest)]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as e:
            raise GuestGone("the guest ended") from e

    def read_stdin(self):
        try:
            data = os.read(self.stdin, min(65536, self.window))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self.window -= len(data)
            self.to_guest += frame("I", data)
        else:
            self.end_stdin()

    def end_stdin(self):
        self.to_guest += frame("I")
        self.stdin = None

    def take_frames(self):
        for kind, body in self.channel.frames():
            self.heard = time.monotonic()
            if kind == "O":
                self.show(1, body)
            elif kind == "E":
                self.show(2, body)
            elif kind == "C":
                self.window += struct.unpack("<I", body)[0]
            elif kind == "R":
                self.result = struct.unpack("<II", body)

    def show(self, fd, data):
        if not self.streams:
            (self.kept_output if fd == 1 else self.kept_error).extend(data)
            return
        while data:
            try:
                data = data[os.write(fd, data):]
            except BlockingIOError:
                time.sleep(0.005)
            except OSError as e:
                if e.errno not in (errno.EPIPE, errno.EIO):
                    raise
                self.signal_guest(signal.SIGPIPE)  # nobody reads: what a pipe would have said
                return

    def check_pulse(self):
        now = time.monotonic()
        if now - self.heard > SILENCE_S:
            raise GuestGone(f"the guest has not answered for {SILENCE_S} s")
        if now - max(self.heard, self.asked) > PING_EVERY_S:
            self.asked = now
            self.to_guest += frame("P")
        if not self.channel.alive():
            raise GuestGone("the guest ended")

    # -- signals and the end ----------------------------------------------------------------

    def signal_guest(self, number):
        self.to_guest += frame("S", struct.pack("<I", number))

    def on_signal(self, number, _):
        if number == signal.SIGWINCH:
            if self.terminal:
                columns, rows = os.get_terminal_size(0)
                self.to_guest += frame("W", struct.pack("<HH", rows, columns))
            return
        self.interrupts += 1
        if self.interrupts > 2 or not self.streams:  # it will not listen, or is not the person's: closing kills it
            raise SystemExit(128 + number)
        self.signal_guest(number)

    def status(self):
        kind, value = self.result
        if kind == TIME_LIMIT:
            if self.streams:
                print(f"oncpu: stopped: not finished within {value} s", file=sys.stderr)
            return 124
        if kind == NOT_STARTED:
            return 127 if value == errno.ENOENT else 126
        return 128 + value if kind == SIGNALLED else value


class Signals:
    """While it lasts, signals go to the guest's command, and wake the loop."""

    NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGWINCH)

    def __init__(self, command):
        self.command = command

    def __enter__(self):
        self.command.wake, self.write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.old_fd = signal.set_wakeup_fd(self.write_end, warn_on_full_buffer=False)
        self.old = {n: signal.signal(n, self.command.on_signal) for n in self.NUMBERS}

    def __exit__(self, *_):
        for number, handler in self.old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self.old_fd)
        os.close(self.command.wake)
        os.close(self.write_end)


def free_port(folder, names):
    """The first port that no other process of this machine holds, and the lock that holds it."""
    for name in names:
        f = open(os.path.join(folder, name + ".lock"), "w", encoding="utf-8")
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return name, f
        except BlockingIOError:
            f.close()
    raise Trouble(f"all {len(names)} ways into this guest are in use",
                  "wait until one of the other commands has ended")
