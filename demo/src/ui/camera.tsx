import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { addImages } from '../state/gallery.js';

/** The camera's picture, and a button that takes it. The camera is off when this is gone. */
export function Camera({ onClose }: { readonly onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const message = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let isGone = false;
    const start = async (): Promise<void> => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        if (isGone) stopTracks(stream);
        else if (video.current) video.current.srcObject = stream;
      } catch {
        message.value = 'No camera is available, or this page may not use it.';
      }
    };
    void start();
    return () => {
      isGone = true;
      stopTracks(stream);
    };
  }, []);
  if (message.value !== undefined) return <p role="alert">{message}</p>;
  return (
    <div class="camera">
      <video ref={video} autoPlay playsInline muted />
      <button
        type="button"
        class="primary"
        onClick={() => void take(video.current).then((isTaken) => isTaken && onClose())}
      >
        Take photo
      </button>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </div>
  );
}

function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Whether there was a picture to take: a camera needs a moment to start. */
async function take(video: HTMLVideoElement | null): Promise<boolean> {
  if (!video || video.videoWidth === 0) return false;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  addImages([{ name: 'camera.jpg', blob: await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 }) }]);
  return true;
}
