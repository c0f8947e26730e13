import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { diagnosticsOf } from '../diagnostics.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Mistakes that people make in their first hour, each a statement that must not compile. */
const MISTAKES: Readonly<Record<string, string>> = {
  'an option misspelled': `await captioner.caption('a.jpg', { numBeam: 3 });`,
  'a number as text': `await captioner.caption('a.jpg', { numBeams: '3' });`,
  'an unknown strategy': `await captioner.caption('a.jpg', { strategy: 'beem' });`,
  'an option of loading': `await captioner.caption('a.jpg', { dtype: 'q8' });`,
  'a number for an image': `await captioner.caption(7);`,
  'options that are null': `await captioner.caption('a.jpg', null);`,
  'no options object': `await captioner.caption('a.jpg', 5);`,
  'options in the place of the model': `await Captioner.load({ dtype: 'q8' });`,
  'an unknown dtype': `await Captioner.load('owner/name', { dtype: 'q9' });`,
  'a token beside its object': `await Captioner.load('owner/name', { token: 'hf_x' });`,
  'one image for many': `for await (const { index } of captioner.captionAll(7)) console.log(index);`,
  'a result that is not awaited': `console.log(captioner.caption('a.jpg').text);`,
  'text for a caption': `toAltText('a cat');`,
  'a wrong value in a variable': `{ const o = { numBeams: '3' }; await captioner.caption('a.jpg', o); }`,
  'a strategy in a variable': `{ const o = { strategy: 'sample', topP: 0.9 }; await captioner.caption('a.jpg', o); }`,
  'a field that is gone': `console.log((await captioner.caption('a.jpg')).isFinished);`,
};

const NAMES = Object.keys(MISTAKES);

/** What the compiler says of each mistake, a line of the module each. */
function messages(): Record<string, string> {
  const file = join(ROOT, 'test/captioner/.mistakes.ts');
  const lines = Object.values(MISTAKES);
  const code = [
    `import { Captioner, toAltText } from 'captioneer'; const captioner = await Captioner.load();`,
    ...lines,
  ];
  const json = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...json, include: [] }, ts.sys, ROOT);
  const settings: ts.CompilerOptions = { ...options, paths: { captioneer: [join(ROOT, 'src/index.ts')] } };
  const host = ts.createCompilerHost(settings);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (path === file ? code.join('\n') : read(path));
  const exists = host.fileExists.bind(host);
  host.fileExists = (path) => path === file || exists(path);
  const program = ts.createProgram([file], settings, host);
  const found: Record<string, string> = {};
  for (const { start, messageText, file: source } of diagnosticsOf(program, (path) => path === file)) {
    const line = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    const name = NAMES[line - 1] ?? `line ${line}`;
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    found[name] = name in found ? `${found[name]}\n${text}` : text;
  }
  return found;
}

test('the compiler says in a line or two what is wrong, in three if the options stand in a variable', () => {
  const found = messages();
  expect(Object.keys(found).sort()).toEqual([...NAMES].sort());
  for (const [name, message] of Object.entries(found)) {
    expect(message.split('\n').length, `${name}: ${message}`).toBeLessThanOrEqual(name.endsWith('variable') ? 3 : 2);
    expect(message.length, `${name}: ${message}`).toBeLessThan(300);
  }
  expect(found).toMatchSnapshot();
});
