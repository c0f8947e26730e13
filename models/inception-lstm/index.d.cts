/** The folder of the files of @captioneer/inception-lstm, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/inception-lstm')` finds it too. */
export declare const modelFolder: URL;
