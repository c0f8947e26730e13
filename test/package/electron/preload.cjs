const { contextBridge } = require('electron');
const { Captioner } = require('captioneer');

let captioner; // one for the window

contextBridge.exposeInMainWorld('captions', {
  async captionOf(path) {
    captioner ??= Captioner.load();
    return (await (await captioner).caption(path)).text;
  },
});
