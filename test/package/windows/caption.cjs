const { readFileSync } = require('node:fs');
const { Captioner } = require('captioneer');

const image = { data: readFileSync('cat.raw'), ...JSON.parse(readFileSync('cat.json', 'utf8')) };
Captioner.load().then(async (captioner) => {
  console.log(process.platform, (await captioner.caption(image)).text);
  await captioner.dispose();
});
