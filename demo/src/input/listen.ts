import { droppedFiles } from './dropped-files.js';
import { takeFiles, toGivenFiles } from './given-files.js';

/**
 * Takes what is dropped anywhere on the page, or pasted.
 *
 * @param setOver is told whether files are held over the page
 * @returns stops it
 */
export function listenForFiles(setOver: (isOver: boolean) => void): () => void {
  const stop = new AbortController();
  const listen = <Name extends keyof DocumentEventMap>(
    name: Name,
    listener: (event: DocumentEventMap[Name]) => void,
  ): void => document.addEventListener(name, listener, { signal: stop.signal });
  listen('dragover', (event) => {
    event.preventDefault();
    setOver(true);
  });
  listen('dragleave', (event) => {
    if (event.relatedTarget === null) setOver(false);
  });
  listen('drop', (event) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(takeFiles);
  });
  listen('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) takeFiles(toGivenFiles(files));
  });
  return () => stop.abort();
}
