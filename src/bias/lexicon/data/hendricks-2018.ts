import { builtInLexicon } from '../create-lexicon.js';
import type { Lexicon } from '../lexicon.js';
import type { Gender } from './gender-en.js';
import { words } from './words.js';

/**
 * The word lists of Hendricks et al. 2018, Women also Snowboard (https://arxiv.org/abs/1803.09797): 26 male and 18 female
 * words. The neutral words are common ones of captioneer's own; the publication's protocol needs none.
 */
export const HENDRICKS_2018: Lexicon<Gender> = /* @__PURE__ */ builtInLexicon<Gender>({
  name: 'hendricks-2018',
  version: '1.0.0',
  attribute: 'gender',
  language: 'en',
  source:
    'Hendricks et al. 2018; words as in research/im2txt/data_analysis/data_analysis_base.py of github.com/kayburns/women-snowboard (Apache-2.0)',
  groups: {
    male: words(`
      boy brother dad husband man groom male guy men males boys guys dads dude policeman policemen father son fireman actor
      gentleman boyfriend mans his obama actors
    `),
    female: words(`
      girl sister mom wife woman bride female lady women girls ladies females moms actress nun girlfriend her she
    `),
  },
  neutral: words('person persons people human humans child children kid kids baby babies adult adults someone'),
});
