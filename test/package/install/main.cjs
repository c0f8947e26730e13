const { Captioner } = require('captioneer');

Captioner.load().then(async (captioner) => {
  console.log((await captioner.caption('cat.jpg')).text);
  await captioner.dispose();
});
