import { readFileSync } from 'node:fs';
import { Captioner } from 'captioneer/worker';

const image = { data: readFileSync('cat.raw'), ...JSON.parse(readFileSync('cat.json', 'utf8')) };
const captioner = await Captioner.load();
console.log(process.platform, (await captioner.caption(image)).text);
await captioner.dispose();
