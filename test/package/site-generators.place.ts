import { cpSync, mkdirSync } from 'node:fs';
import { expect, inject, it, onTestFinished } from 'vitest';
import { CAPTION, Project } from './project.js';

/** A site whose images have proposals, and the first of them accepted by the terminal review. */
async function reviewedSite(name: string): Promise<Project> {
  const project = new Project([name], inject('registry'));
  onTestFinished(() => project[Symbol.dispose]());
  mkdirSync(project.path('public'), { recursive: true });
  cpSync(project.path('cat.jpg'), project.path('public/cat.jpg'));
  await project.install();
  await project.succeed(['npx', 'captioneer', 'alt', 'write', 'src']);
  await project.succeed(['sh', '-c', 'yes "" | head -20 | npx captioneer alt review --terminal']);
  return project;
}

const images = (html: string): string[] => html.match(/<img[^>]*>/g) ?? [];
const TEXT = `alt="${CAPTION}"`;

it('a site by Astro: texts in its pages and in those of Markdown', async () => {
  const project = await reviewedSite('astro');
  await project.succeed(['npm', 'run', 'build'], { env: { ASTRO_TELEMETRY_DISABLED: '1' } });
  expect(images(project.read('dist/index.html'))).toEqual([
    `<img src="/cat.jpg" ${TEXT}>`,
    '<img src="/cat.jpg" alt="">',
    `<img src="/cat.jpg" ${TEXT}>`,
  ]);
  const post = images(project.read('dist/posts/monday/index.html'));
  expect(post).toHaveLength(2);
  for (const image of post) expect(image).toContain(TEXT);
});

it('a site by Eleventy: texts in its pages and in those of Markdown', async () => {
  const project = await reviewedSite('eleventy');
  await project.succeed(['npm', 'run', 'build']);
  expect(images(project.read('_site/index.html'))).toEqual([
    `<img src="/cat.jpg" ${TEXT} class="one">`,
    `<img src="/cat.jpg" ${TEXT} class="two">`,
    '<img src="/cat.jpg" alt="">',
  ]);
  expect(images(project.read('_site/posts/monday/index.html'))).toEqual([`<img src="/cat.jpg" ${TEXT}>`]);
});
