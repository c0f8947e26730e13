import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, so that none of them is left when all the others are done. */
const LONG = [
  /^test\/demo\//,
  /^test\/browser\/(webgpu|hub|guides|firefox|surroundings)\./,
  /^test\/package\/(runtime|package|model-package)\./,
  /^test\/(docs\/guides|dataset\/command|parity\/|queue\/)/,
  /^test\/(browser|package)\//,
  /^test\//,
];

/** Runs the longest files first, and at the end those that share a process, which are short. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const path = relative(this.ctx.config.root, moduleId).replaceAll('\\', '/');
      return LONG.findIndex((pattern) => pattern.test(path)) + (project.config.isolate ? 0 : LONG.length);
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
