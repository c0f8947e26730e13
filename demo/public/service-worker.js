// Keeps the page, the runtime and the models that were used, so that the page works without a network after the first visit.
// Names of scripts, styles and model folders change with what is in them: what is kept under such a name is never asked for again.
// The library checks models against the hashes of their manifests.

// The build writes here: a name for what it made, its files that are kept at once, and the folders of its models.
const BUILD = { version: 'none', page: ['./'], more: [], models: [] };

const PAGE_CACHE = `captioneer-page-${BUILD.version}`;
const MODEL_CACHE = 'captioneer-models';

/**
 * Whether the network answers and the browser keeps the runtime's WebAssembly for long. Then the browser fetches it: it keeps the compiled code only
 * beside files of its own cache, and beside those of a service worker from the second answer on.
 */
let isRuntimeKept = false;

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([removeOld(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || request.headers.has('range')) return;
  if (isRuntimeKept && url.pathname.endsWith('.wasm')) return;
  event.respondWith(request.mode === 'navigate' ? navigate(request) : cacheFirst(request));
});

/** The page itself, or nothing; the runtime and the default model if there is room. */
async function install() {
  const cache = await caches.open(PAGE_CACHE);
  await cache.addAll(BUILD.page);
  await Promise.all(BUILD.more.map((path) => cacheFirst(new Request(path)).catch(() => undefined)));
  await self.skipWaiting();
}

async function removeOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('captioneer-page-') && name !== PAGE_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  const cache = await caches.open(MODEL_CACHE);
  const isCurrent = ({ url }) => BUILD.models.some((folder) => url.includes(`/models/${folder}/`));
  await Promise.all((await cache.keys()).map((request) => isCurrent(request) || cache.delete(request)));
}

/** The newest page, or the one that is kept. */
async function navigate(request) {
  try {
    const response = await fetch(request);
    isRuntimeKept = await keepsRuntime();
    return response;
  } catch (error) {
    isRuntimeKept = false;
    const kept = await caches.match('./', { cacheName: PAGE_CACHE });
    if (kept) return kept;
    throw error;
  }
}

/** Whether the host lets browsers keep the runtime for days without asking again. */
async function keepsRuntime() {
  const path = BUILD.more.find((file) => file.endsWith('.wasm'));
  const kept = path && (await caches.match(path, { cacheName: PAGE_CACHE }));
  return /max-age=\d{6,}/.test(kept?.headers.get('cache-control') ?? '');
}

async function cacheFirst(request) {
  const isModel = new URL(request.url).pathname.includes('/models/');
  const cache = await caches.open(isModel ? MODEL_CACHE : PAGE_CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  // A full disk is no reason to fail: the page then works only with a network.
  if (response.ok) await cache.put(request, response.clone()).catch(() => undefined);
  return response;
}
