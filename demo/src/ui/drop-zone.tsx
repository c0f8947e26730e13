import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { takeFiles, toGivenFiles } from '../input/given-files.js';
import { addImages, hasLostFocus, leftOut } from '../state/gallery.js';
import { Camera } from './camera.js';

const EXAMPLES = ['cat.jpg', 'coffee.jpg', 'raccoon.jpg', 'temple.jpg', 'astronaut.jpg', 'rocket.jpg'];

interface DropZoneProps {
  readonly isLarge: boolean;
  /** Whether files are held over the page. */
  readonly isOver: boolean;
}

/** Takes images: dropped anywhere on the page, pasted, chosen, from the camera, or one of the examples. */
export function DropZone({ isLarge, isOver }: DropZoneProps) {
  const hasCamera = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    takeFiles(toGivenFiles(currentTarget.files ?? []));
    currentTarget.value = '';
  };
  return (
    <section class={`drop-zone${isLarge ? ' large' : ''}${isOver ? ' over' : ''}`} aria-label="Add images">
      {isLarge ? <p class="hint">Drop images here, or paste one</p> : null}
      <div class="actions">
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          Choose images
        </button>
        <button type="button" onClick={() => folder.current?.click()}>
          Folder
        </button>
        <button type="button" aria-expanded={hasCamera.value} onClick={() => (hasCamera.value = !hasCamera.value)}>
          Camera
        </button>
      </div>
      <input ref={input} hidden type="file" accept="image/*" multiple onChange={choose} data-testid="files" />
      <input
        ref={(element) => {
          folder.current = element;
          element?.setAttribute('webkitdirectory', '');
        }}
        hidden
        type="file"
        onChange={choose}
        data-testid="folder"
      />
      {hasCamera.value ? <Camera onClose={() => (hasCamera.value = false)} /> : null}
      {leftOut.value === '' ? null : <p class="left-out">{leftOut}</p>}
      {isLarge ? <Examples /> : null}
    </section>
  );
}

function Examples() {
  return (
    <div class="examples">
      <p id="examples-label">or try an example</p>
      <ul aria-labelledby="examples-label">
        {EXAMPLES.map((name) => (
          <li key={name}>
            <button type="button" onClick={() => void addExample(name)}>
              <img src={`./examples/${name}`} alt={`Example: ${name.replace('.jpg', '')}`} width="112" height="84" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function addExample(name: string): Promise<void> {
  hasLostFocus.value = true;
  const response = await fetch(new URL(`examples/${name}`, document.baseURI));
  addImages([{ name, blob: await response.blob() }]);
}
