import { builtInLexicon } from '../create-lexicon.js';
import type { Lexicon } from '../lexicon.js';
import { words } from './words.js';

/** The groups that the built-in age lexicon tells apart. */
export type AgeGroup = 'child' | 'adult' | 'older';

const CHILD = words(`
  child children kid kids toddler toddlers baby babies infant infants newborn newborns youngster youngsters boy boys girl girls
  preteen tween schoolchild schoolchildren schoolboy schoolboys schoolgirl schoolgirls grandchild grandchildren
  grandson grandsons granddaughter granddaughters preschooler preschoolers
`);

const ADULT = words(`
  adult adults grownup grownups man men woman women gentleman gentlemen lady ladies guy guys dude dudes
  parent parents father fathers mother mothers dad dads mom moms mum mums husband husbands wife wives bride groom
  businessman businessmen businesswoman businesswomen policeman policemen policewoman fireman firemen fisherman fishermen
  worker workers officer officers soldier soldiers
`);

const OLDER = [
  ...words(`
    elder elders senior seniors pensioner pensioners retiree retirees grandparent grandparents grandmother grandmothers
    grandfather grandfathers grandma grandpa granny grandad granddad
  `),
  ...['old', 'older', 'elderly', 'aged', 'senior', 'aging', 'ageing'].flatMap((adjective) =>
    words('man men woman women lady ladies gentleman gentlemen guy guys person people couple couples adult adults').map(
      (noun) => `${adjective} ${noun}`,
    ),
  ),
];

const NEUTRAL = words(`
  person persons people human humans someone somebody individual individuals crowd crowds group groups team teams player players
  skier skiers snowboarder snowboarders surfer surfers skateboarder skateboarders cyclist cyclists biker bikers rider riders
  swimmer swimmers runner runners climber climbers hiker hikers dancer dancers performer performers athlete athletes
  couple couples family families friend friends teen teens teenager teenagers youth youths
`);

/**
 * English words that name a person's age as a child, an adult or an older adult. The longest phrase counts: `old man` is an
 * older adult, `man` an adult. Teenagers are neither child nor adult here: neutral.
 */
export const AGE_EN: Lexicon<AgeGroup> = /* @__PURE__ */ builtInLexicon<AgeGroup>({
  name: 'age-en',
  version: '1.0.0',
  attribute: 'age',
  language: 'en',
  source: 'Written for captioneer from general knowledge of English and the words that captions of photographs use.',
  groups: { child: CHILD, adult: ADULT, older: OLDER },
  neutral: NEUTRAL,
});
