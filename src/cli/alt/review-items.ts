import { type AltQueue, proposalsOf } from '../../alt/index.js';
import type { ReviewItem } from './page/data.js';

/** What a person has to decide on, in the order of the files. */
export function reviewItems(queue: AltQueue): ReviewItem[] {
  return queue.items.map((item) => {
    const { id, file, line, src, image, context, reasons, problem, decision } = item;
    return {
      id,
      file,
      line,
      ...(src !== undefined && { src }),
      hasImage: image !== undefined,
      context,
      reasons,
      ...(problem !== undefined && { problem }),
      proposals: proposalsOf(queue, item),
      ...(decision && { decision }),
    };
  });
}
