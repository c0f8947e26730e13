/** The folder of the files of @captioneer/resnet-soft-attention, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/resnet-soft-attention')` finds it too. */
export declare const modelFolder: URL;
