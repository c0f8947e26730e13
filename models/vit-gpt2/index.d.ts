/** The folder of the files of @captioneer/vit-gpt2, for `Captioner.load(modelFolder)`; `Captioner.load('@captioneer/vit-gpt2')` finds it too. */
export declare const modelFolder: URL;
