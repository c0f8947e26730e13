import type { SpecialTokens, Tokenizer, WarningListener } from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';
import { checkMergedDecoder } from '../public/check-merged-decoder.js';
import { DECODER_INPUTS } from '../public/merged-names.js';
import { readGeneration } from '../public/generation.js';
import { readImageProcessor } from '../public/image-processor.js';
import { MergedDecoder } from '../public/merged-decoder.js';
import type { LoadedGraph, PublicLayout } from '../public/public-layout.js';
import { TokenEmbeddings } from '../public/token-embeddings.js';
import { readFlorence2Config } from './config.js';
import { PromptedEncoder } from './prompted-encoder.js';
import { readTasks } from './tasks.js';

const VISION = 'vision_encoder';
const EMBEDDINGS = 'embed_tokens';
const ENCODER = 'encoder_model';
const DECODER = 'decoder_model_merged';

/** Florence-2 (Xiao 2023, https://arxiv.org/abs/2311.06242) in the layout of onnx-community's exports (`model_type` `florence2`). */
export const FLORENCE_2: PublicLayout = {
  graphs: [VISION, EMBEDDINGS, ENCODER, DECODER],
  decoderInputs: DECODER_INPUTS,
  read({ config: json, processor, generation, onWarning }) {
    const config = readFlorence2Config(json);
    const image = readImageProcessor(processor, 'davit');
    const found = readGeneration(generation, json, json.field('text_config'), config, onWarning);
    const numForced = found.tokens.forcedFirst === undefined ? 0 : 1;
    const tasks = readTasks(processor, numForced, statesLength(generation) ? found.generation.maxLength : undefined);
    return {
      description: {
        family: 'florence-2',
        image,
        tokens: found.tokens,
        generation: { ...found.generation, maxLength: tasks.short.maxLength },
        tasks,
        vocabularySize: config.vocabularySize,
        maxPositions: config.maxPositions,
      },
      assemble(graphs, tokenizer) {
        const graph = (name: string): LoadedGraph => graphs[name] as LoadedGraph;
        const decoder = graph(DECODER);
        checkMergedDecoder({ ...config, encoderWidth: config.width, embeddingWidth: config.width }, decoder);
        warnOfEnd(found.tokens, tokenizer, onWarning);
        const embeddings = new TokenEmbeddings(graph(EMBEDDINGS), config.width);
        const encoder = new PromptedEncoder({
          vision: graph(VISION),
          encoder: graph(ENCODER),
          embeddings,
          tokenizer,
          config,
          imageSize: [image.height, image.width],
          defaultPrompt: tasks.short.prompt,
        });
        return { encoder, decoder: new MergedDecoder(decoder, config, embeddings) };
      },
    };
  },
};

/** Whether the checkpoint itself says how long captions may be; most leave that to the caller. */
function statesLength(generation: FieldReader | undefined): boolean {
  return ['max_length', 'max_new_tokens'].some((name) => generation?.field(name).isGiven);
}

/** Some fine-tunes have ids of tokens that their tokenizer does not end a text with: their captions run on. */
function warnOfEnd({ end }: SpecialTokens, tokenizer: Tokenizer, onWarning: WarningListener | undefined): void {
  const tokens = end.map((id) => tokenizer.token(id) ?? `${id}`);
  if (tokens.includes('</s>')) return;
  onWarning?.({
    code: 'unexpected-end-token',
    message: `This checkpoint ends captions with ${tokens.join(', ')} (eos_token_id), and its tokenizer with </s>. Captions may not end by themselves; check the captions or limit maxLength.`,
  });
}
