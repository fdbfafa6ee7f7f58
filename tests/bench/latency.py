"""How long a sender waits: one mail at a time into an idle daemon's inbox, until its receipt is at our own sink.

A client of our own waits in IDLE beside the daemon: what passes before it hears of the mail is the mail server's, what
comes after is the daemon's.
"""

import imaplib
import random
import socket
import socketserver
import threading
import time

import mails
import servers as mail_servers


class Taken(socketserver.ThreadingTCPServer):
    """An SMTP server that notes when it took a mail for whom."""
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__((mail_servers.HOST, 0), Dialogue)
        self.at, self.news = {}, threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def wait(self, recipient, end):
        with self.news:
            self.news.wait_for(lambda: recipient in self.at, max(0, end - time.monotonic()))
            return self.at.get(recipient)


class Dialogue(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        recipient = None
        self.say("220 bench")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say("250-bench", "250 8BITMIME")
            elif verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                self.say("250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                with self.server.news:
                    self.server.at.setdefault(recipient, time.monotonic())
                    self.server.news.notify_all()
                self.say("250 taken")
            elif verb == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def say(self, *lines):
        self.wfile.write("".join(line + "\r\n" for line in lines).encode())


class Listener:
    """Notes when the server told a waiting client how many mails there are."""

    def __init__(self, port, user):
        self.socket = socket.create_connection((mail_servers.HOST, port))
        self.lines = self.socket.makefile("rb")
        self.told = {}
        self.lines.readline()
        for command in ("LOGIN %s %s" % (user, mail_servers.PASSWORD), "SELECT INBOX", "IDLE"):
            self.ask(command)
        threading.Thread(target=self.listen, daemon=True).start()

    def ask(self, command):
        self.socket.sendall(b"x %s\r\n" % command.encode())
        for line in self.lines:
            if line.startswith((b"x ", b"+")):
                return

    def listen(self):
        try:
            for line in self.lines:
                if line.endswith(b"EXISTS\r\n"):
                    self.told.setdefault(int(line.split()[1]), time.monotonic())
        except OSError:
            pass


def measure(daemon, count, first=900_000):
    """[(delivered to receipt, notified to receipt)] in seconds, sorted by the first."""
    user, taken, dice = "latency", Taken(), random.Random(7)
    daemon.servers.fill(user, 0)
    daemon.set_up(user, taken.port)
    inbox = imaplib.IMAP4(mail_servers.HOST, daemon.servers.imap)
    inbox.login(user, mail_servers.PASSWORD)
    inbox.select("INBOX")
    listener = Listener(daemon.servers.imap, user)
    daemon.start()
    time.sleep(2)
    waits = []
    for place in range(count):
        # Not in step with anybody's timer.
        time.sleep(0.7 + dice.random())
        mail = mails.mail(first + place).replace(b"\n", b"\r\n")
        inbox.append("INBOX", None, None, mail)
        delivered = time.monotonic()
        receipt = taken.wait(mails.sender(first + place), delivered + 90)
        if receipt is None:
            raise SystemExit("latency: no receipt for mail %d within 90 s" % place)
        waits.append((receipt - delivered, receipt - listener.told.get(place + 1, receipt)))
    daemon.tear_down()
    inbox.logout()
    listener.socket.close()
    taken.shutdown()
    return sorted(waits)
