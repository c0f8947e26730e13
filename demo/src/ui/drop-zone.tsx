import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { addImages, announcement, leftOut } from '../state/gallery.js';
import { Camera } from './camera.js';

const EXAMPLES = ['cat.jpg', 'coffee.jpg', 'raccoon.jpg', 'temple.jpg', 'astronaut.jpg', 'rocket.jpg'];

/** Takes images: dropped anywhere on the page, pasted, chosen, from the camera, or one of the examples. */
export function DropZone({ isLarge }: { readonly isLarge: boolean }) {
  const isOver = useSignal(false);
  const hasCamera = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => listen((over) => (isOver.value = over)), []);
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    addFiles([...(currentTarget.files ?? [])]);
    currentTarget.value = '';
  };
  return (
    <section class={`drop-zone${isLarge ? ' large' : ''}${isOver.value ? ' over' : ''}`} aria-label="Add images">
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
  const response = await fetch(new URL(`examples/${name}`, document.baseURI));
  addImages([{ name, blob: await response.blob() }]);
}

/** Files that are no images are named, not ignored. The library says best why an image cannot be read. */
function addFiles(files: readonly File[]): void {
  const isImage = ({ type, name }: File): boolean =>
    type.startsWith('image/') || type === '' || /\.(hei[cf]|avif|jxl|tiff?|bmp)$/i.test(name);
  const images = files.filter(isImage);
  addImages(images.map((file) => ({ name: file.name, blob: file })));
  const others = files.length - images.length;
  leftOut.value =
    others === 0
      ? ''
      : files.length === 1
        ? '1 of 1 file is not an image and was left out.'
        : `${others} of ${files.length} files ${others === 1 ? 'is not an image and was' : 'are not images and were'} left out.`;
  if (others > 0) announcement.value = leftOut.value;
}

function listen(setOver: (isOver: boolean) => void): () => void {
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) setOver(false);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    addFiles([...(event.dataTransfer?.files ?? [])]);
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) addFiles(files);
  };
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', leave);
  document.addEventListener('drop', drop);
  document.addEventListener('paste', paste);
  return () => {
    document.removeEventListener('dragover', over);
    document.removeEventListener('dragleave', leave);
    document.removeEventListener('drop', drop);
    document.removeEventListener('paste', paste);
  };
}
