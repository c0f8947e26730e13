let offscreen; // Resolves once the document is there.

async function openDocument() {
  // It outlives this script, which ends when it is idle.
  const [open] = await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
  if (open) return;
  await chrome.offscreen.createDocument({
    url: 'offscreen.html',
    reasons: ['BLOBS'],
    justification: 'Images are decoded and captioned.',
  });
}

async function captionOf(image) {
  await (offscreen ??= openDocument());
  return chrome.runtime.sendMessage({ to: 'offscreen', image });
}

chrome.runtime.onMessage.addListener(({ to, image }, _sender, respond) => {
  if (to !== 'background') return false;
  captionOf(image).then(respond);
  return true; // The answer comes later.
});
