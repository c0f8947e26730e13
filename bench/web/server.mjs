import { Buffer } from 'node:buffer';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
  '.html': 'text/html',
};
/** What hosts compress. */
const COMPRESSED = ['.js', '.mjs', '.json', '.wasm', '.html'];

/**
 * A web server on this machine as a static host is: it compresses, lets the browser keep files, and isolates its pages, so that
 * they may use threads. `sent` has the bytes of each body by path, as they travelled.
 *
 * @param files contents by path
 * @param folders on the disk, by the paths of theirs that end with a slash
 */
export async function startServer(files, folders) {
  const bodies = new Map();
  const sent = {};
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const body = bodies.get(path) ?? read(path, files, folders);
    if (!body) return void response.writeHead(404, isolation).end();
    bodies.set(path, body);
    sent[path] = body.content.byteLength;
    response.writeHead(200, { ...isolation, ...body.headers }).end(body.content);
  });
  await new Promise((up) => server.listen(0, '127.0.0.1', up));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    sent,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

function read(path, files, folders) {
  const content = files[path] ?? readFrom(path, folders);
  if (content === undefined) return undefined;
  const extension = extname(path) || '.html';
  const isCompressed = COMPRESSED.includes(extension);
  return {
    content: isCompressed ? gzipSync(content) : Buffer.from(content),
    headers: {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'cache-control': extension === '.html' ? 'no-cache' : 'max-age=31536000, immutable',
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    },
  };
}

function readFrom(path, folders) {
  for (const [prefix, folder] of Object.entries(folders)) {
    const file = join(folder, path.slice(prefix.length));
    if (path.startsWith(prefix) && existsSync(file) && statSync(file).isFile()) return readFileSync(file);
  }
  return undefined;
}
