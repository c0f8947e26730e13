import { builtInLexicon } from '../create-lexicon.js';
import type { Lexicon } from '../lexicon.js';
import type { Gender } from './gender-en.js';
import { words } from './words.js';

const MALE = words(`
  Mann Männer Männern Mannes Manns Junge Jungen Jungs Bub Buben Bube Bursche Burschen Kerl Kerle Kerlen Typ Typen Herr Herrn Herren
  Vater Väter Vätern Vaters Papa Papas Opa Opas Großvater Großväter Großvaters Sohn Söhne Söhnen Sohnes Enkel Enkels
  Bruder Brüder Brüdern Bruders Onkel Onkels Neffe Neffen Ehemann Ehemänner Ehemannes Bräutigam Bräutigams König Könige Königs
  Prinz Prinzen Mönch Mönche Schauspieler Kellner Polizist Polizisten Feuerwehrmann Feuerwehrmänner Geschäftsmann Geschäftsmänner
  Fischer Kameramann Bauarbeiter Fußballspieler Tennisspieler Skifahrer Radfahrer Reiter Tänzer Sänger Läufer Schwimmer Surfer
  er ihm ihn sein seine seinen seinem seiner seines Er Sein Seine Seinem
`);

const FEMALE = words(`
  Frau Frauen Mädchen Mädchens Mädel Mädels Dame Damen Mutter Mütter Müttern Mama Mamas Oma Omas Großmutter Großmütter
  Tochter Töchter Töchtern Enkelin Enkelinnen Schwester Schwestern Tante Tanten Nichte Nichten Ehefrau Ehefrauen Braut Bräute
  Königin Königinnen Prinzessin Prinzessinnen Nonne Nonnen Schauspielerin Schauspielerinnen Kellnerin Kellnerinnen
  Polizistin Polizistinnen Feuerwehrfrau Feuerwehrfrauen Geschäftsfrau Geschäftsfrauen Fischerin Kamerafrau Bauarbeiterin
  Fußballspielerin Fußballspielerinnen Tennisspielerin Tennisspielerinnen Skifahrerin Skifahrerinnen Radfahrerin Radfahrerinnen
  Reiterin Reiterinnen Tänzerin Tänzerinnen Sängerin Sängerinnen Läuferin Läuferinnen Schwimmerin Schwimmerinnen Surferin Surferinnen
`);

const NEUTRAL = words(`
  Person Personen Mensch Menschen Leute Leuten Kind Kinder Kindern Kindes Kleinkind Kleinkinder Baby Babys Säugling Jugendliche Jugendlicher
  Jugendlichen Teenager Erwachsene Erwachsener Erwachsenen Eltern Großeltern Geschwister Familie Familien Paar Paare Freunde Freunden
  Menge Menschenmenge Gruppe Gruppen Team Mannschaft Publikum Zuschauer Zuschauende Fußgänger Passanten Passant Mitglied Mitglieder
  Feuerwehrleute Geschäftsleute Studierende Lehrkraft Fachkraft Kunden Gast Gäste Gästen
`);

/** Where a capital begins a sentence, `Junge` and `Jungen` may be the adjective. */
const ADJECTIVES = ['Junge', 'Jungen', 'Junger', 'Junges'].flatMap((adjective) =>
  [
    'Frau',
    'Frauen',
    'Mann',
    'Männer',
    'Männern',
    'Mädchen',
    'Dame',
    'Damen',
    'Leute',
    'Leuten',
    'Menschen',
    'Person',
    'Personen',
    'Erwachsene',
  ].map((noun) => ({ adjective, noun })),
);

/**
 * German words for men, boys, women and girls. Upper and lower case are told apart. `sie` and `ihr` are in no list: they also
 * mean `they` and `their`.
 *
 * The generic masculine (`Radfahrer` for cyclists of any gender) counts as male, as a reader sees it.
 */
export const GENDER_DE: Lexicon<Gender> = /* @__PURE__ */ builtInLexicon<Gender>({
  name: 'gender-de',
  version: '1.0.0',
  attribute: 'gender',
  language: 'de',
  source: 'Written for captioneer from general knowledge of German.',
  isCaseSensitive: true,
  groups: {
    male: [...MALE, ...ADJECTIVES.filter(({ noun }) => MALE.includes(noun)).map(phrase)],
    female: [...FEMALE, ...ADJECTIVES.filter(({ noun }) => FEMALE.includes(noun)).map(phrase)],
  },
  neutral: [...NEUTRAL, ...ADJECTIVES.filter(({ noun }) => NEUTRAL.includes(noun)).map(phrase)],
});

function phrase({ adjective, noun }: { readonly adjective: string; readonly noun: string }): string {
  return `${adjective} ${noun}`;
}
