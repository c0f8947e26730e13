import { DECODER_INPUTS } from '../public/merged-names.js';
import { readGeneration } from '../public/generation.js';
import { readImageProcessor } from '../public/image-processor.js';
import { MergedDecoder } from '../public/merged-decoder.js';
import type { LoadedGraph, PublicLayout } from '../public/public-layout.js';
import { checkCheckpoint } from './check-graphs.js';
import { readCheckpointConfig } from './config.js';
import { HiddenStateEncoder } from './hidden-state-encoder.js';

const ENCODER = 'encoder_model';
const DECODER = 'decoder_model_merged';

/** An image encoder and a merged decoder: ViT-GPT2 and the like (`model_type` `vision-encoder-decoder`). */
export const VISION_ENCODER_DECODER: PublicLayout = {
  graphs: [ENCODER, DECODER],
  decoderInputs: DECODER_INPUTS,
  read({ config: json, processor, generation, onWarning }) {
    const config = readCheckpointConfig(json);
    const { vocabularySize, maxPositions } = config.decoder;
    const image = readImageProcessor(processor, config.encoder.type);
    return {
      description: {
        family: `${config.encoder.type}-${config.decoder.type}`,
        image,
        ...readGeneration(generation, json, json.field('decoder'), config.decoder, onWarning),
        vocabularySize,
        maxPositions,
      },
      assemble(graphs) {
        const [encoder, decoder] = [graphs[ENCODER] as LoadedGraph, graphs[DECODER] as LoadedGraph];
        checkCheckpoint(config, image, { encoder, decoder });
        return {
          encoder: new HiddenStateEncoder(encoder.session),
          decoder: new MergedDecoder(decoder, config.decoder),
        };
      },
    };
  },
};
