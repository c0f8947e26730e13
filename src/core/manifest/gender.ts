/** The values of {@link GenderSetting}. */
export const GENDER_SETTINGS = ['as-is', 'confident', 'neutral'] as const;

/**
 * What captions say about the gender of people, as a reader would take it from their words.
 *
 * - `as-is`: what the model says.
 * - `confident`: a gender only if the model is sure of it in several views of the image; else neutral words.
 * - `neutral`: no gender.
 */
export type GenderSetting = (typeof GENDER_SETTINGS)[number];

/** From which evidence on `confident` lets a gender be named: log(P_male / P_female), in nats, the mean over views of the image. */
export interface GenderThresholds {
  /** The least at which male words may come. */
  readonly male: number;
  /** The greatest at which female words may come; below `male`. */
  readonly female: number;
}

/** How captions of a model speak of gender if a call does not say otherwise. */
export interface GenderDefaults {
  /** Default `as-is`. */
  readonly setting?: GenderSetting;
  /** Measured for this model. Default: those of the model in the package, which were not measured for this one. */
  readonly thresholds?: GenderThresholds;
  /**
   * Whether `confident` also looks at a close-up of what the model looks at for the word after "a". It needs `regions` that are a grid,
   * and images that are squashed, so that the grid lies over the whole of them. Default false. `thresholds` depend on it.
   */
  readonly hasCloseUp?: boolean;
  /**
   * Nats, 0 … 10, by which `confident` makes words of a gender that it is sure of likelier, until the caption has one of them: how readily
   * it names what it knows. Default 0.
   */
  readonly wordBonus?: number;
}
