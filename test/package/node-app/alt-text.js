import { toAltText } from 'captioneer';

console.log(toAltText({ text: 'A photo of a cat.', finishReason: 'stop' }).text);
