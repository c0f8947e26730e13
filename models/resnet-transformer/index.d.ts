/** The folder of the files of @captioneer/resnet-transformer, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/resnet-transformer')` finds it too. */
export declare const modelFolder: URL;
