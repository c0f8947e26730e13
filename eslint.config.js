import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What each layer (a folder of src/) may import from the other layers. Nothing imports cli. `index` and `index.browser` are the
 * package's entries. A folder that is not listed may import nothing.
 */
const layers = {
  core: [],
  async: [],
  collections: [],
  numerics: ['core'],
  language: [],
  text: ['core'],
  validate: ['core', 'text'],
  preprocess: ['core', 'validate'],
  search: ['core', 'async', 'collections', 'numerics', 'validate'],
  tokenizers: ['core', 'collections', 'text', 'validate'],
  metrics: ['core', 'numerics', 'validate'],
  layouts: ['core', 'numerics', 'validate', 'preprocess'],
  bias: ['core', 'numerics', 'language', 'validate', 'metrics', 'search'],
  http: ['core', 'async'],
  onnx: ['core', 'text', 'numerics'],
  hub: ['core', 'text', 'validate', 'http'],
  model: ['core', 'validate', 'onnx', 'preprocess', 'layouts', 'tokenizers'],
  captioner: [
    'core',
    'async',
    'language',
    'validate',
    'preprocess',
    'search',
    'tokenizers',
    'layouts',
    'model',
    'metrics',
    'bias',
  ],
  adapters: ['core', 'async', 'text', 'validate', 'preprocess', 'http', 'onnx', 'hub', 'model', 'captioner'],
  worker: ['core', 'validate', 'hub', 'model', 'captioner', 'adapters'],
  evaluation: ['core', 'validate', 'metrics', 'bias', 'model', 'captioner'],
  metadata: ['adapters'],
  alt: ['core', 'validate', 'bias', 'captioner', 'adapters', 'metadata'],
  testing: [
    'core',
    'validate',
    'preprocess',
    'search',
    'tokenizers',
    'layouts',
    'model',
    'metrics',
    'bias',
    'captioner',
  ],
  authors: ['core', 'numerics', 'captioner', 'model', 'layouts', 'tokenizers', 'adapters/shared'],
  server: ['core', 'async', 'validate', 'captioner'],
  dataset: ['core', 'validate', 'captioner', 'adapters', 'metadata'],
  queue: ['core', 'captioner', 'adapters'],
  cli: [
    'core',
    'numerics',
    'text',
    'validate',
    'model',
    'metrics',
    'bias',
    'captioner',
    'evaluation',
    'alt',
    'adapters',
    'worker',
    'server',
    'dataset',
    'queue',
    'metadata',
    'index.ts',
  ],
};

const zones = Object.entries(layers).map(([layer, allowed]) => ({
  target: layer,
  from: '.',
  except: [layer, ...allowed],
  message: allowed.length ? `${layer} imports only ${allowed.join(', ')}.` : `${layer} imports nothing outside itself.`,
}));
// Each entry has the adapter of its runtime.
for (const [entry, adapter] of [
  ['index.ts', 'web'],
  ['index.browser.ts', 'node'],
]) {
  zones.push({
    target: entry,
    from: [`adapters/${adapter}`, 'cli', 'testing'],
    message: 'Not the business of this entry.',
  });
}
// Adapters do not lean on one another, only on what they share.
for (const [target, others] of [
  ['node', ['web']],
  ['web', ['node']],
  ['shared', ['node', 'web']],
]) {
  zones.push({
    target: `adapters/${target}`,
    from: others.map((other) => `adapters/${other}`),
    message: `adapters/${target} imports only shared code of the adapters.`,
  });
}

// Inside search, from the ground floor up: what each room may import from the other rooms, and from nothing above them.
const searchRooms = {
  types: [],
  numerics: [],
  scoring: ['types', 'numerics'],
  candidates: ['types', 'numerics', 'scoring'],
  strategies: ['types', 'numerics', 'candidates'],
  options: ['types', 'scoring'],
};
for (const [room, allowed] of Object.entries(searchRooms)) {
  zones.push({
    target: `search/${room}`,
    from: 'search',
    except: [room, ...allowed],
    message: allowed.length
      ? `search/${room} imports only ${allowed.join(', ')} of search.`
      : `search/${room} imports nothing else of search.`,
  });
}

const tests = ['**/*.test.ts', '**/*.test-d.ts'];
const runtimes = '^(node:|onnxruntime|sharp(/|$))';

export default defineConfig(
  globalIgnores([
    'coverage/',
    'dist/',
    'docs/api/',
    'models/',
    'packages/runtime*/',
    'test/docs/.examples/',
    'test/package/*/',
    'training/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
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
      globals: {
        console: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        URL: 'readonly',
      },
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
    ignores: [
      ...tests,
      'src/adapters/**',
      'src/worker/**',
      'src/server/**',
      'src/dataset/**',
      'src/queue/**',
      'src/cli/**',
      'src/evaluation/**',
      'src/alt/**',
      'src/metadata/**',
      'src/testing/**',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'Only adapters and cli import packages and node: modules.' }] },
      ],
      'no-restricted-globals': ['error', '__dirname', '__filename', 'Buffer', 'global', 'process', 'require'],
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
  {
    files: ['demo/public/service-worker.js'],
    languageOptions: {
      globals: { caches: 'readonly', fetch: 'readonly', location: 'readonly', Request: 'readonly', self: 'readonly' },
    },
  },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
);
