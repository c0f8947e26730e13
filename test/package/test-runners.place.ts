import { afterAll, describe, expect, inject, it } from 'vitest';
import type { Outcome } from './packed-package.js';
import { Project } from './project.js';

const registry = inject('registry');

describe('tests that caption', () => {
  it.each(['node', 'jsdom'])('by Jest, in its environment %s', async (environment) => {
    const { status, stdout, stderr } = await test('jest', ['npx', 'jest', `--env=${environment}`]);
    expect(status, stdout + stderr).toBe(0);
    expect(stderr).toContain('2 passed');
  });

  it.each([
    ['in jsdom', ['--environment=jsdom']],
    ['in threads with a realm of their own', ['--pool=vmThreads']],
    ['in such threads, and jsdom', ['--pool=vmThreads', '--environment=jsdom']],
  ])('by Vitest, %s', async (_, options) => {
    const { status, stdout, stderr } = await test('vitest', ['npx', 'vitest', 'run', ...options]);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('2 passed');
  });
});

/** Projects that are installed, by their fixtures. */
const projects = new Map<string, Project>();
afterAll(() => projects.forEach((project) => project[Symbol.dispose]()));

/** Runs a command in the project of a fixture. */
async function test(fixture: string, command: readonly string[]): Promise<Outcome> {
  const project = projects.get(fixture) ?? new Project([fixture], registry);
  if (!projects.has(fixture)) {
    projects.set(fixture, project);
    await project.install();
  }
  return project.run(command);
}
