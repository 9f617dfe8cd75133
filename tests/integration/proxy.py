# SPDX-License-Identifier: Apache-2.0
"""A network between till and central that misbehaves on request.

pass      everything goes through
swallow   requests go through, the answers to them are dropped with the connection: the central acted, the till never
          hears of it
refuse    connections are closed at once
hole      connections are taken and nothing ever comes
portal    every request is answered 200 with a page of HTML, as a hotel's network does

decide (a function of the target, giving one of these words) chooses for each request; it may be changed at any
moment. Requests that went through are kept, as they went, in recorded. Plain HTTP only: to the proxy a TLS
connection is "pass" whatever is asked.
"""

import socket
import threading

PAGE = b"<html><body>Welcome! Please sign in to use this network.</body></html>"
PORTAL = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(PAGE)
          + PAGE)
TIMEOUT_S = 30


def read_message(stream):
    """One HTTP message with its body as bytes, b"" at the end of the connection. Chunked bodies are read whole."""
    head = b""
    while True:
        line = stream.readline(65536)
        if not line:
            return b""
        head += line
        if line in (b"\r\n", b"\n"):
            break
    fields = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    if fields.get(b"expect", b"").lower() == b"100-continue":
        raise OSError("100-continue is not spoken here")
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return head + read_chunks(stream)
    return head + stream.read(int(fields.get(b"content-length", b"0")))


def read_chunks(stream):
    body = b""
    while True:
        line = stream.readline(1024)
        size = int(line.split(b";")[0], 16)
        body += line + stream.read(size + 2)
        if size == 0:
            return body


class Proxy:
    """Listens on a free loopback port until closed."""

    def __init__(self, upstream_port):
        self.upstream_port = upstream_port
        self.decide = lambda target: "pass"
        self.recorded = []  # of (target, bytes)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open_sockets = set()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def keep(self, connection):
        connection.settimeout(TIMEOUT_S)
        with self.lock:
            self.open_sockets.add(connection)
        return connection

    def drop(self, connection):
        with self.lock:
            self.open_sockets.discard(connection)
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()

    def serve(self, client):
        upstream = None
        self.keep(client)
        try:
            if client.recv(1, socket.MSG_PEEK) == b"\x16":
                upstream = self.keep(socket.create_connection(("127.0.0.1", self.upstream_port), 5))
                self.relay(client, upstream)
                return
            requests = client.makefile("rb")
            while True:
                request = read_message(requests)
                if not request:
                    return
                verdict = self.decide(request.split(b" ", 2)[1].decode())
                if verdict == "refuse":
                    return
                if verdict == "hole":
                    client.recv(1)
                    return
                if verdict == "portal":
                    client.sendall(PORTAL)
                    return
                if upstream is None:
                    upstream = self.keep(socket.create_connection(("127.0.0.1", self.upstream_port), 5))
                    answers = upstream.makefile("rb")
                upstream.sendall(request)
                self.recorded.append((request.split(b" ", 2)[1].decode(), request))
                if not self.pass_answer(answers, upstream, client, request, verdict):
                    return
        except (OSError, ValueError):
            pass
        finally:
            self.drop(client)
            if upstream is not None:
                self.drop(upstream)

    def pass_answer(self, answers, upstream, client, request, verdict):
        """FALSE when the connection ends with this answer."""
        if b"/v1/events" in request.split(b"\r\n", 1)[0] and verdict == "pass":
            self.pour(answers, client)
            return False
        answer = read_message(answers)
        if not answer or verdict == "swallow":
            return False
        client.sendall(answer)
        return True

    @staticmethod
    def pour(stream, client):
        while True:
            data = stream.read1(65536)
            if not data:
                return
            client.sendall(data)

    def relay(self, client, upstream):
        back = threading.Thread(target=self.pour_quietly, args=(upstream, client), daemon=True)
        back.start()
        self.pour_quietly(client, upstream)
        back.join(TIMEOUT_S)

    def pour_quietly(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        self.drop(source)
        self.drop(sink)

    def cut(self):
        """Drops every connection there is."""
        with self.lock:
            connections = list(self.open_sockets)
        for connection in connections:
            self.drop(connection)

    def close(self):
        self.listener.close()
        self.cut()
