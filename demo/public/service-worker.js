// Keeps the page, the runtime and the models that were used, so that the page works without a network.
// Files with a hash in their name never change. All others are asked for first and served from the cache if that fails;
// models are checked by the library against the hashes of their manifest.
const CACHE = 'captioneer-page-1';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(['./', './icon.svg', './app.webmanifest']))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith('captioneer-page-') && name !== CACHE)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || request.headers.has('range')) return;
  event.respondWith(isImmutable(url) ? cacheFirst(request) : networkFirst(request));
});

function isImmutable({ pathname }) {
  return /\/assets\/|\/models\/.*\.onnx$|\/examples\//.test(pathname);
}

async function cacheFirst(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? keep(cache, request);
}

async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    return await keep(cache, request);
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

async function keep(cache, request) {
  const response = await fetch(request);
  // A full disk is no reason to fail: the page then works only with a network.
  if (response.ok) await cache.put(request, response.clone()).catch(() => undefined);
  return response;
}
