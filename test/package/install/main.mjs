import { Captioner } from 'captioneer';

const captioner = await Captioner.load();
console.log((await captioner.caption('cat.jpg')).text);
await captioner.dispose();
