// What the published package has otherwise than the repository: the runtime packages as optional dependencies, since the
// registry has none for a version that is not published yet, and a README whose links lead to what is in the package.
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageName, platforms } from './runtime/platforms.mjs';

/** What only this repository reads. */
const PRIVATE_FIELDS = ['scripts', 'workspaces', 'devDependencies', 'allowScripts'];

/** The package.json that is published. */
export function publishedManifest(manifest) {
  const shared = Object.fromEntries(Object.entries(manifest).filter(([field]) => !PRIVATE_FIELDS.includes(field)));
  return {
    ...shared,
    optionalDependencies: Object.fromEntries(platforms.map((platform) => [packageName(platform), manifest.version])),
  };
}

/**
 * The README that is published: links to what the package does not have become plain text, images that it does not have go.
 *
 * @param files the field `files` of package.json
 */
export function publishedReadme(text, files) {
  const isReachable = (target) =>
    /^([a-z]+:|#)/i.test(target) || isPublished(target.replace(/#.*$/, '').replace(/\/$/, ''), files);
  return text
    .replaceAll(/(?<!!)\[([^\]]+)\]\(([^)\s]+)\)/g, (link, label, target) => (isReachable(target) ? link : label))
    .replaceAll(/<img src="([^"]+)"[^>]*>\n?/g, (image, target) => (isReachable(target) ? image : ''));
}

/** Whether npm packs a path: by the patterns of `files`, and a few always. */
function isPublished(path, files) {
  return [...files, 'LICENSE', 'README.md', 'package.json'].some((pattern) => {
    const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
    return new RegExp(`^${source}(/.*)?$`).test(path);
  });
}

// In place, around a plain `npm pack` or `npm publish` (prepack and postpack in package.json); scripts/pack.mjs works on a copy.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const kept = (name) => join(root, `.${name}.before-pack`);
  const files = { 'package.json': asManifest, 'README.md': (text) => publishedReadme(text, manifest.files) };
  for (const [name, published] of Object.entries(files)) {
    const path = join(root, name);
    if (existsSync(kept(name))) renameSync(kept(name), path);
    if (process.argv.includes('--restore')) continue;
    copyFileSync(path, kept(name));
    writeFileSync(path, published(readFileSync(path, 'utf8')));
  }
}

function asManifest(text) {
  return `${JSON.stringify(publishedManifest(JSON.parse(text)), null, 2)}\n`;
}
