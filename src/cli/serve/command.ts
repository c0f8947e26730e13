import { Option } from 'commander';
import { modelOptions } from '../caption/command.js';
import { toModelSettings, type GivenModelOptions } from '../caption/settings.js';
import { realNumber, wholeNumber } from '../console/option-values.js';
import type { AddCommand } from '../console/add-command.js';
import type { ServeSettings } from './serve.js';
import { numberOption, workersOption } from '../console/common-options.js';

const HELP_AFTER = `
POST /caption takes a form (file "image"), an image as the body, or JSON ({"image": base64}). The others are GET /models, /healthz,
/readyz, /metrics (Prometheus), /openapi.json, and a page at /. SIGTERM and Ctrl-C end the server when the requests that it has taken
are answered.

Examples:
  captioneer serve --port 8080
  curl --data-binary @photo.jpg -H 'content-type: image/jpeg' localhost:8080/caption`;

interface GivenServeOptions extends GivenModelOptions {
  readonly host: string;
  readonly port: number;
  readonly workers?: number;
  readonly maxRequests: number;
  readonly maxBody: number;
  readonly maxBatch: number;
  readonly maxBeams: number;
  readonly timeout: number;
  readonly allowUrls?: true;
  readonly allowPrivateNetworks?: true;
}

/** `captioneer serve`: answers HTTP requests with captions. */
export const addServeCommand: AddCommand = (program, start) => {
  const command = program
    .command('serve')
    .description('Starts an HTTP server that captions images.')
    .addOption(new Option('--host <address>', 'network interface').default('127.0.0.1'))
    .addOption(numberOption('--port <n>', 'port; 0 for any free one', wholeNumber('--port', 0, 65_535)).default(8080))
    .addOption(workersOption())
    .addOption(
      numberOption(
        '--max-requests <n>',
        'requests in the server at once; more are answered 503',
        wholeNumber('--max-requests', 1, 100_000),
      ).default(32),
    )
    .addOption(numberOption('--max-body <MB>', 'largest body of a request', realNumber('--max-body', true)).default(20))
    .addOption(
      numberOption(
        '--max-batch <n>',
        'waiting requests that are captioned together',
        wholeNumber('--max-batch', 1, 64),
      ).default(8),
    )
    .addOption(
      numberOption(
        '--max-beams <n>',
        'most beams and captions that a request may ask for',
        wholeNumber('--max-beams', 1, 64),
      ).default(8),
    )
    .addOption(
      numberOption('--timeout <seconds>', 'longest time of a request', realNumber('--timeout', true)).default(30),
    )
    .addOption(new Option('--allow-urls', 'fetch images from URLs in requests, of public servers only'))
    .addOption(
      new Option('--allow-private-networks', 'with --allow-urls: also from private networks and this machine'),
    );
  for (const option of modelOptions()) command.addOption(option);
  command
    .addOption(new Option('-q, --quiet', 'no progress bar, no warnings, no line when the server listens'))
    .addHelpText('after', HELP_AFTER)
    .action((given: GivenServeOptions) => {
      const settings = toServeSettings(given);
      // The server is loaded by the command that needs it.
      start(async (io, output) => (await import('./serve.js')).serve(settings, io, output));
    });
};

function toServeSettings(given: GivenServeOptions): ServeSettings {
  const { host, port, workers, maxRequests, maxBody, maxBatch, maxBeams, timeout } = given;
  return {
    model: toModelSettings(given),
    hostname: host,
    port,
    numWorkers: workers,
    allowPrivateNetworks: given.allowPrivateNetworks === true,
    server: {
      maxRequests,
      maxBatch,
      maxBeams,
      maxBodyBytes: Math.ceil(maxBody * 1_000_000),
      requestTimeoutMs: Math.ceil(timeout * 1000),
      allowUrls: given.allowUrls === true,
    },
  };
}
