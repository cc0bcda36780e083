"""A mail server for tests: aiosmtpd, told by the address of the recipient what to do.

Its one argument is JSON: folder, tls ("none", "starttls", "implicit"), certificate, key, user,
password. It writes its port into FOLDER/port, and a line for each message it took into
FOLDER/ledger: {"from", "to", "tls", "user", "message" (base64)}.
"""

import asyncio
import base64
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

OPTIONS = json.loads(sys.argv[1])

REFUSED_AT_RCPT = {
    "nobody": "550 5.1.1 no such user here",
    "full": "452 4.2.2 mailbox full",
    "grey": "450 4.7.1 come back later",
    "busy": "421 4.3.2 too many connections",
    "old": "550 no such user here",
    "policy": "550 5.7.26 not authenticated",
}
REFUSED_AFTER_DATA = {"spam": "554 5.7.1 looks like spam", "later": "451 4.3.0 try again"}


def part(address):
    return address.split("@")[0]


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if any(part(to) == "cut" for to in self.envelope.rcpt_tos):
            await self.push("354 go ahead")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if part(address) in REFUSED_AT_RCPT:
            return REFUSED_AT_RCPT[part(address)]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        what = part(envelope.rcpt_tos[0])
        if what in REFUSED_AFTER_DATA:
            return REFUSED_AFTER_DATA[what]
        self.keep(session, envelope)
        if what == "slow":
            await asyncio.sleep(0.5)
        if what == "silent":
            await asyncio.sleep(3600)
        if what == "dark":
            server.transport.abort()
        return "250 2.0.0 queued"

    def keep(self, session, envelope):
        line = json.dumps(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "tls": session.ssl is not None or OPTIONS["tls"] == "implicit",
                "user": session.auth_data or "",
                "message": base64.b64encode(envelope.content).decode(),
            }
        )
        with open(os.path.join(OPTIONS["folder"], "ledger"), "a", encoding="ascii") as ledger:
            ledger.write(line + "\n")


def authenticate(server, session, envelope, mechanism, data):
    right = data.login.decode() == OPTIONS["user"] and data.password.decode() == OPTIONS["password"]
    return AuthResult(success=right, handled=False, auth_data=OPTIONS["user"] if right else None)


async def main():
    context = None
    if OPTIONS["tls"] != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(OPTIONS["certificate"], OPTIONS["key"])
    implicit = OPTIONS["tls"] == "implicit"
    wants_user = bool(OPTIONS.get("user"))

    def connection():
        return Server(
            Handler(),
            hostname="mx.example",
            tls_context=None if implicit else context,
            authenticator=authenticate if wants_user else None,
            auth_required=wants_user,
            auth_require_tls=not implicit,
            enable_SMTPUTF8=False,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        connection, "127.0.0.1", 0, ssl=context if implicit else None
    )
    written = os.path.join(OPTIONS["folder"], "port")
    with open(written + ".new", "w", encoding="ascii") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(written + ".new", written)
    await server.serve_forever()


asyncio.run(main())
