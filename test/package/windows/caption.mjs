import { Captioner } from 'captioneer';
import { image } from './image.cjs';

const captioner = await Captioner.load();
console.log(process.platform, (await captioner.caption(image)).text);
await captioner.dispose();
