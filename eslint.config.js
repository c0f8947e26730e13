import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The files outside adapters/ and cli/ that name an adapter: the package's entries, each its own. */
const entries = { 'index.ts': 'node', 'index.browser.ts': 'web' };

/** The files that lie in src/ itself (the captioner and the entries) form one layer, `root`. */
const root = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => entry.name);

/** What each layer may import from the other layers. Nothing imports cli. */
const layers = {
  core: [],
  preprocess: ['core'],
  search: ['core'],
  tokenizers: ['core'],
  metrics: ['core'],
  encoders: ['core', 'preprocess'],
  decoders: ['core', 'preprocess'],
  bias: ['core', 'metrics'],
  hub: ['core'],
  model: ['core', 'preprocess', 'encoders', 'decoders', 'tokenizers'],
  root: ['core', 'preprocess', 'search', 'tokenizers', 'encoders', 'decoders', 'model', 'metrics', 'bias'],
  adapters: ['core', 'preprocess', 'hub', 'model', 'root'],
  testing: ['core', 'preprocess', 'search', 'tokenizers', 'encoders', 'decoders', 'model', 'metrics', 'bias', 'root'],
  cli: ['core', 'model', 'metrics', 'bias', 'adapters', 'root'],
};

const paths = (layer) => (layer === 'root' ? root : [layer]);

const zones = Object.entries(layers).map(([layer, allowed]) => ({
  target: paths(layer).filter((path) => !(path in entries)),
  from: '.',
  except: [layer, ...allowed].flatMap(paths),
  message: allowed.length ? `${layer} imports only ${allowed.join(', ')}.` : `${layer} imports nothing outside itself.`,
}));
for (const [entry, adapter] of Object.entries(entries)) {
  zones.push({
    target: [entry],
    from: '.',
    except: ['root', `adapters/${adapter}`, ...layers.root].flatMap(paths),
    message: `This entry imports the layers below it and adapters/${adapter}.`,
  });
}
// Adapters do not lean on one another, only on what they share.
for (const [target, others] of [
  ['node', ['web']],
  ['web', ['node']],
  ['shared', ['node', 'web']],
]) {
  zones.push({
    target: [`adapters/${target}`],
    from: others.map((other) => `adapters/${other}`),
    message: `adapters/${target} imports of the adapters only shared.`,
  });
}
// A layer without a rule is an oversight: whatever it imports is an error.
const unlisted = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !(entry.name in layers))
  .map((entry) => entry.name);
if (unlisted.length)
  zones.push({ target: unlisted, from: '.', message: 'Give this layer its place in eslint.config.js.' });

const tests = ['**/*.test.ts', '**/*.test-d.ts'];
const runtimes = '^(node:|onnxruntime|sharp(/|$))';

export default defineConfig(
  globalIgnores([
    'coverage/',
    'demo/',
    'dist/',
    'docs/api/',
    'models/',
    'test/docs/.examples/',
    'training/',
    'vendor/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-exports': ['error', { fixMixedExportsWithInlineTypeSpecifier: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Under noUncheckedIndexedAccess an element whose index the loop around it bounds is asserted, as `!` or by its type.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An abort reason is thrown as it is, whatever it is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      // Loops over typed arrays that run once per pixel or per logit keep their index.
      '@typescript-eslint/prefer-for-of': 'off',
      // Many interfaces are asynchronous where an implementation need not be.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: { console: 'readonly', performance: 'readonly', process: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [importX.flatConfigs.typescript],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-self-import': 'error',
    },
  },
  {
    name: 'layers',
    files: ['src/**/*.ts'],
    ignores: tests,
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: `${import.meta.dirname}/src`, zones }],
      'no-console': 'error',
    },
  },
  {
    name: 'layers that know no runtime',
    files: ['src/**/*.ts'],
    ignores: [...tests, 'src/adapters/**', 'src/cli/**', 'src/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'Only adapters and cli import packages and node: modules.' }] },
      ],
      'no-restricted-globals': ['error', '__dirname', '__filename', 'Buffer', 'global', 'process', 'require'],
    },
  },
  {
    name: 'the hub, through its own library, which runs everywhere',
    files: ['src/hub/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?![.]|@huggingface/hub$)', message: 'Only @huggingface/hub is named here.' }] },
      ],
    },
  },
  {
    name: 'what the browser gets',
    files: ['src/adapters/web/**/*.ts', 'src/adapters/shared/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(node:|onnxruntime-node|sharp(/|$))', message: 'Not there in a browser.' }] },
      ],
      'no-restricted-globals': ['error', '__dirname', '__filename', 'Buffer', 'global', 'process', 'require'],
    },
  },
  {
    name: 'contract suites and test doubles',
    files: ['src/testing/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: runtimes, message: 'A contract suite runs on every runtime.' }] },
      ],
    },
  },
  {
    name: 'tests look at errors and doubles of any shape',
    files: ['test/**/*.ts', ...tests],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
);
