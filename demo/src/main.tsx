import { render } from 'preact';
import { captionerOf } from './state/models.js';
import { App } from './ui/app.js';

render(<App />, document.getElementById('app') as HTMLElement);

// The page is there at once; the default model loads behind it. A failure is shown where the model is.
captionerOf('default').catch(() => undefined);

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI));
}
