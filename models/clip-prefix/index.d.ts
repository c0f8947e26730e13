/** The folder of the files of @captioneer/clip-prefix, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/clip-prefix')` finds it too. */
export declare const modelFolder: URL;
