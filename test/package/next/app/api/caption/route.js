import { Captioner } from 'captioneer';

let captioner; // one for all requests

export async function POST(request) {
  captioner ??= Captioner.load();
  const image = new Uint8Array(await request.arrayBuffer());
  const { text } = await (await captioner).caption(image);
  return Response.json({ text });
}
