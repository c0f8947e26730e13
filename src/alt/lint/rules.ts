import { LEAD_IN } from '../../captioner/alt-text.js';
import type { SourceImage } from '../source/source-image.js';

/** What is wrong with an image's alternative text. */
export type LintRule =
  'missing' | 'file-name' | 'placeholder' | 'lead-in' | 'too-long' | 'repeated' | 'repeats-caption';

/** What each rule finds, for reports. */
export const LINT_RULES: Readonly<Record<LintRule, string>> = {
  missing: 'The image has no alternative text.',
  'file-name': 'The alternative text is the name of a file.',
  placeholder: 'The alternative text is a placeholder.',
  'lead-in': 'The alternative text says that it is an image, which screen readers say already.',
  'too-long': 'The alternative text is long; screen readers read it without a pause.',
  repeated: 'Different images of a file have the same alternative text.',
  'repeats-caption': 'The alternative text repeats the caption of the figure; it is read out twice.',
};

/** One thing that is wrong with one image. */
export interface LintFinding {
  readonly rule: LintRule;
  /** One sentence, for people. */
  readonly message: string;
  readonly image: SourceImage;
}

/** What is looked for. */
export interface LintOptions {
  /** Longest text that is no finding, in characters as a reader counts them, at least 1. Default 125. */
  readonly maxCharacters?: number;
}

const DEFAULT_MAX_CHARACTERS = 125;
const IMAGE_NAME = /\.(?:jpe?g|png|gif|webp|avif|svg|tiff?|heic|bmp)$/i;
/** Names that cameras, phones and screenshot tools give: `IMG_1234`, `DSC00042`, `Screenshot 2026-01-02 at 10.11.12`. */
const CAMERA_NAME =
  /^(?:(?:IMG|DSCN?|DSCF|PXL|MVIMG|P|GOPR|WA|Photo|Image|screen ?shot)[-_ ]?[\d][\d\s_.:-]*(?:at[\d\s_.:-]+)?|[0-9a-f]{16,})$/i;
const PLACEHOLDER =
  /^(?:alt(?:ernative)?(?:[ -]?text)?|image|img|photo|picture|graphic|placeholder|todo|tbd|untitled|n\/?a|null|undefined|description|image description)\.?$/i;

/** Images without alternative text, in their order. */
export function missingTexts(images: readonly SourceImage[]): LintFinding[] {
  return images
    .filter(({ alt }) => alt === 'missing')
    .map((image) => ({ rule: 'missing', image, message: LINT_RULES.missing }));
}

/**
 * What is wrong with the alternative texts that there are.
 *
 * @param images of one file: repeated texts are looked for among them
 */
export function lintTexts(images: readonly SourceImage[], options: LintOptions = {}): LintFinding[] {
  const { maxCharacters = DEFAULT_MAX_CHARACTERS } = options;
  const first = new Map<string, SourceImage>();
  return images.flatMap((image) => {
    if (image.altText === undefined) return [];
    const text = image.altText.replace(/\s+/g, ' ').trim();
    const found = findingsOfText(text, image, maxCharacters);
    const key = text.toLowerCase();
    const other = first.get(key);
    if (!other) first.set(key, image);
    else if (other.src !== image.src) {
      found.push(['repeated', `The image in line ${other.line} has the same alternative text: "${text}".`]);
    }
    return found.map(([rule, message]): LintFinding => ({ rule, message, image }));
  });
}

type Finding = [rule: LintRule, message: string];

function findingsOfText(text: string, { src, context }: SourceImage, maxCharacters: number): Finding[] {
  const found: Finding[] = [];
  if (isFileName(text, src)) found.push(['file-name', `The alternative text is the name of a file: "${text}".`]);
  else if (PLACEHOLDER.test(text)) found.push(['placeholder', `The alternative text is a placeholder: "${text}".`]);
  const leadIn = LEAD_IN.exec(text)?.[0].trim();
  if (leadIn !== undefined) found.push(['lead-in', `Leave out "${leadIn}": screen readers say that it is an image.`]);
  const length = [...new Intl.Segmenter().segment(text)].length;
  if (length > maxCharacters) {
    found.push(['too-long', `The alternative text has ${length} characters; ${maxCharacters} are a good maximum.`]);
  }
  if (context.figcaption?.toLowerCase() === text.toLowerCase()) {
    found.push(['repeats-caption', LINT_RULES['repeats-caption']]);
  }
  return found;
}

function isFileName(text: string, src: string | undefined): boolean {
  if (IMAGE_NAME.test(text) && !/\s\S*\s/.test(text)) return true;
  if (CAMERA_NAME.test(text)) return true;
  const name =
    src
      ?.replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? '';
  const stem = name.replace(/\.[^.]*$/, '');
  // A name of one plain word may well be the right text: `alt="Paris"` for paris.jpg.
  return text === name || (text === stem && /[\d_-]/.test(stem));
}
