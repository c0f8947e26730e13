import { readFileSync } from 'node:fs';
import type { TokenizedImage } from '../../src/metrics/index.js';

/** What fixtures/record_pycocoevalcap.py writes. */
export interface RecordedScores {
  scores: { bleu: number[]; rougeL: number; ciderD: number; cider: number; meteorLight: number };
  images: {
    id: string;
    candidate: string;
    references: string[];
    tokens: { candidate: string; references: string[] };
    bleu: number[];
    rougeL: number;
    ciderD: number;
    cider: number;
    meteorLight: number;
  }[];
}

export function readRecord(name: string): RecordedScores {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as RecordedScores;
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** The record's images, as the tokens that Java gave. */
export function recordedTokens(record: RecordedScores): TokenizedImage[] {
  return record.images.map(({ id, tokens }) => ({
    id,
    candidate: words(tokens.candidate),
    references: tokens.references.map(words),
  }));
}
