import {
  type BiasComparison,
  biasReport,
  type BiasReport,
  compareBias,
  GENDER_EN,
  labelFromReferences,
  type ThresholdCurve,
  thresholdCurve,
} from '../../bias/index.js';
import type { CaptionSet, CaptionWithReferences, EvaluateOptions, EvaluationReport } from '../../evaluation/index.js';
import type { LoggedCaption } from './caption-log.js';
import { CURVE_IMAGES } from './curve-images.js';

/** The gender bias of one system. */
export interface SystemBias extends BiasReport {
  /** Error against coverage; null without evidence. */
  readonly curve: ThresholdCurve | null;
}

/** What the command reports. */
export type EvalReport = EvaluationReport<SystemBias, BiasComparison>;

/** Images whose references name one gender: only these have errors, and need evidence. */
export function labelledImages({ captions }: CaptionSet): Set<string> {
  const labelled = [...captions].filter(([, references]) => labelFromReferences(references, GENDER_EN) !== null);
  return new Set(labelled.map(([image]) => image));
}

/**
 * The measures of bias, as `evaluate` takes them.
 *
 * @param logs what each model said, by system and image
 */
export function biasMeasures(
  logs: ReadonlyMap<string, ReadonlyMap<string, LoggedCaption>>,
  bootstrap: { readonly samples: number; readonly seed: number },
): Required<Pick<EvaluateOptions<SystemBias, BiasComparison>, 'bias' | 'compareBias'>> {
  return {
    bias: (images, system) => ({
      ...biasReport(images, { bootstrap }),
      curve: curveOf(images, logs.get(system), bootstrap),
    }),
    compareBias: (a, b) => compareBias(a, b, { bootstrap }),
  };
}

function curveOf(
  images: readonly CaptionWithReferences[],
  log: ReadonlyMap<string, LoggedCaption> | undefined,
  bootstrap: { readonly samples: number; readonly seed: number },
): ThresholdCurve | null {
  const known = images.flatMap((image) => {
    const evidence = log?.get(image.id)?.genderEvidence;
    return evidence ? [{ ...image, evidence }] : [];
  });
  return known.length === 0 ? null : thresholdCurve(known, { minImages: CURVE_IMAGES, bootstrap });
}
