/** The folder of the files of @captioneer/region-transformer, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/region-transformer')` finds it too. */
export declare const modelFolder: URL;
