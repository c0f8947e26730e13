import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { listenForFiles } from '../input/listen.js';
import { announcement, selected } from '../state/gallery.js';
import { report } from '../state/report.js';
import { DropZone } from './drop-zone.js';
import { LazyCaptions } from './lazy-captions.js';
import { ModelPicker } from './model-picker.js';
import { Report, ReportButton, ReportNote } from './report.js';

/** The whole page. */
export function App() {
  const isOver = useSignal(false);
  const item = selected.value;
  useEffect(() => listenForFiles((over) => (isOver.value = over)), []);
  return (
    <>
      <header class="top">
        <h1>
          <img src="./icon.svg" alt="" width="28" height="28" /> captioneer
        </h1>
        <p class="promise">
          <LockIcon /> Your images stay on this device. Models run in this browser.
        </p>
        <Connection />
        <ReportButton />
      </header>
      <main>
        <ReportNote />
        {report.value ? (
          <Report />
        ) : (
          <>
            {item ? null : <Welcome />}
            <DropZone isLarge={!item} isOver={isOver.value} />
            <ModelPicker />
            {item ? <LazyCaptions item={item} /> : null}
          </>
        )}
      </main>
      <footer>
        <p>
          The models were trained on photographs for research and education. They are small: read a caption before you
          publish it. <a href="https://www.npmjs.com/package/captioneer">captioneer</a> is an npm library, MIT licence.
        </p>
      </footer>
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}

function Welcome() {
  return (
    <div class="welcome">
      <h2>Image captions, made in your browser.</h2>
      <p>Drop a photo, read its caption, and see where the model looked for each word.</p>
    </div>
  );
}

function LockIcon() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path fill="currentColor" d="M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7zm2 0h4V5a2 2 0 0 0-4 0z" />
    </svg>
  );
}

function Connection() {
  const isOnline = useSignal(navigator.onLine);
  useSignalEffect(() => {
    const change = (): void => {
      isOnline.value = navigator.onLine;
    };
    addEventListener('online', change);
    addEventListener('offline', change);
    return () => {
      removeEventListener('online', change);
      removeEventListener('offline', change);
    };
  });
  return isOnline.value ? null : <p class="offline">You are offline. Models that you have used before still work.</p>;
}
