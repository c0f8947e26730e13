import { builtInLexicon } from '../create-lexicon.js';
import type { Lexicon } from '../lexicon.js';
import type { Gender } from './gender-en.js';

/** The words of COCO-GB: Tang et al. 2021, Mitigating Gender Bias in Captioning Systems (https://arxiv.org/abs/2006.08315). */
export const COCO_GB: Lexicon<Gender> = /* @__PURE__ */ builtInLexicon<Gender>({
  name: 'coco-gb',
  version: '1.0.0',
  attribute: 'gender',
  language: 'en',
  source: 'Tang et al. 2021, as in their published evaluation script',
  groups: { male: ['man', 'men', 'boy', 'boys'], female: ['woman', 'women', 'girl', 'girls'] },
  neutral: ['person', 'people', 'human', 'baby'],
});
