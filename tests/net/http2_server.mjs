// An HTTP/2 server over TLS for http2_test.cpp: node http2_server.mjs CERTIFICATE KEY PORT_FILE.
// What it was asked for and over which connection stands in its answers.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { constants, createSecureServer } from 'node:http2';

const [certificate, key, portFile] = process.argv.slice(2);
const server = createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) });
const numbers = new Map();
let asked = 0, together = 0, most = 0;

server.on('session', (session) => numbers.set(session, numbers.size + 1));
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  const path = headers[':path'];
  const answer = () => {
    stream.respond({ ':status': 200, 'x-connection': numbers.get(stream.session) });
    stream.end(JSON.stringify({ asked, most, protocol: stream.session.alpnProtocol }));
  };
  let body = '';
  stream.setEncoding('utf8').on('data', (part) => { body += part; });
  stream.on('end', () => {
    if (path === '/count') return answer();
    asked += 1;
    if (path === '/acts-and-goes') return stream.session.destroy();
    if (path === '/resets') return stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    if (path === '/streams') {
      stream.respond({ ':status': 200 });
      const more = () => { while (!stream.destroyed && stream.write('x'.repeat(65536))); };
      stream.on('drain', more);
      return more();
    }
    if (path !== '/together') return answer();
    // Answered once four are under way at the same time, or a while later.
    together += 1;
    most = Math.max(most, together);
    const wait = (turns) => {
      if (most >= 4 || turns === 0) { together -= 1; return answer(); }
      setTimeout(() => wait(turns - 1), 5);
    };
    wait(400);
  });
});
server.on('sessionError', () => {});
server.listen(0, '127.0.0.1', () => {
  writeFileSync(portFile + '.new', String(server.address().port));
  renameSync(portFile + '.new', portFile);
});
