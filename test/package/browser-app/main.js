import { Captioner } from 'captioneer';

const output = document.querySelector('output');
try {
  const captioner = await Captioner.load('/models/default/');
  const { text } = await captioner.caption(document.querySelector('img'));
  output.textContent = text;
  await captioner.dispose();
} catch (error) {
  output.textContent = String(error);
}
