import { Captioner } from 'captioneer';

async function main() {
  const captioner = await Captioner.load();
  const { text } = await captioner.caption('cat.jpg');
  console.log(text);
  await captioner.dispose();
}

void main();
