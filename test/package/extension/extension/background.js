let offscreen; // Resolves once the document is there.

async function captionOf(image) {
  offscreen ??= chrome.offscreen.createDocument({
    url: 'offscreen.html',
    reasons: ['BLOBS'],
    justification: 'Images are decoded and captioned.',
  });
  await offscreen;
  return chrome.runtime.sendMessage({ to: 'offscreen', image });
}

chrome.runtime.onMessage.addListener(({ to, image }, _sender, respond) => {
  if (to !== 'background') return false;
  captionOf(image).then(respond);
  return true;
});
