/** Words that are two, and where the second begins. */
export const ASSIMILATIONS: ReadonlyMap<string, number> = new Map([
  ['cannot', 3],
  ['gonna', 3],
  ['gotta', 3],
  ['wanna', 3],
  ['lemme', 3],
  ['gimme', 3],
]);

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Abbreviations that keep their full stop, in lower case. */
export const ABBREVIATIONS = words(
  'mr mrs ms messrs mlle mme dr drs prof gen brig col capt cmdr lt sgt cpl pvt maj adm gov sen sens rep reps pres rev hon ' +
    'st ste sr jr esq asst atty supt treas bros inc ltd co cos corp plc cie pty intl natl mfg assn dept univ vs etc al cf ' +
    'est ext tel elec sq ph adj adv ft mt mo ave blvd rd ct bldg mon tue tues wed thu thurs fri jan feb mar apr jun jul ' +
    'aug sep sept oct nov dec ala ariz calif colo conn fla ga ind kan ky md mich minn mont neb nev okla tenn va vt wis wyo',
);

/** Abbreviations that are words, too: they keep their full stop if they begin with a capital. */
export const CAPITAL_ABBREVIATIONS = words('mass ill la miss ore pa tex wash ark del');

/** Abbreviations that keep their full stop before a number. */
export const NUMBER_ABBREVIATIONS = words('no nos fig figs pp art op ca');

/** Words with an apostrophe that are one token, in lower case. */
export const APOSTROPHE_WORDS = words("o'clock o’clock ma'am nat'l c'mon d'you c'est qu'il");
