import { render } from 'preact';
import { captionerOf } from './state/models.js';
import { App } from './ui/app.js';
import { loadCaptions } from './ui/lazy-captions.js';

// The default model loads behind the page, which is there at once. A failure is shown where the model is.
const isLoaded = captionerOf('default').catch(() => undefined);

render(<App />, document.getElementById('app') as HTMLElement);
void isLoaded.then(loadCaptions);

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  // It keeps what the page has just loaded: not before that is in the browser's own cache.
  void isLoaded.then(() => navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI)));
}
