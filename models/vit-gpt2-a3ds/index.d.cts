/** The folder of the files of @captioneer/vit-gpt2-a3ds, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/vit-gpt2-a3ds')` finds it too. */
export declare const modelFolder: URL;
