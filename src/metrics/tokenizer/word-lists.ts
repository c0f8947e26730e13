/** Words that are two, and where the second begins. */
export const ASSIMILATIONS: ReadonlyMap<string, number> = new Map([
  ['cannot', 3],
  ['gonna', 3],
  ['gotta', 3],
  ['wanna', 3],
  ['lemme', 3],
  ['gimme', 3],
]);

/** Abbreviations that keep their full stop, in lower case. */
export const ABBREVIATIONS: ReadonlySet<string> = new Set(
  (
    'mr mrs ms messrs dr drs prof gen col capt lt sgt cpl maj gov sen rep pres rev hon st sr jr bros inc ltd co cos corp ' +
    'vs etc dept univ assn est mo sq alt bldg tel ext ed eds cf al ft mt ave blvd rd ' +
    'mon tue tues wed thu thurs fri jan feb mar apr jun jul aug sept sep oct nov dec'
  ).split(' '),
);

/** Words with an apostrophe that are one token, in lower case. */
export const APOSTROPHE_WORDS: ReadonlySet<string> = new Set(["o'clock", "ma'am", "nat'l", "c'mon", "d'you", "c'est"]);
