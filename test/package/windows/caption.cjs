const { Captioner } = require('captioneer');
const { image } = require('./image.cjs');

Captioner.load().then(async (captioner) => {
  console.log(process.platform, (await captioner.caption(image)).text);
  await captioner.dispose();
});
