import type { LogitsProcessor } from '../logits-processors/index.js';

/** Divides logits: below 1 the distribution gets sharper, above 1 flatter. */
export function temperatureWarper(temperature: number): LogitsProcessor {
  return {
    name: 'temperature',
    process(logits) {
      for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) / temperature;
    },
  };
}
