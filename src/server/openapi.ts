import { CAPTION_PARAMETERS } from './caption-parameters.js';

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object): object => ({ 'application/json': { schema } });
const refused = (description: string): object => ({ description, content: json(ref('Error')) });
const text = (description: string): object => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});

/** The OpenAPI description of the server. */
export function openApi(isUrlAllowed: boolean): object {
  const url = {
    type: 'string',
    format: 'uri',
    description: 'http: or https: URL of an image, if the server allows it.',
  };
  const sources = {
    image: { type: 'string', description: 'Base64 of an image file, or a data URL.' },
    ...(isUrlAllowed && { url }),
  };
  const options = { type: 'object', properties: CAPTION_PARAMETERS, additionalProperties: false };
  return {
    openapi: '3.1.0',
    info: { title: 'captioneer', version: '1', description: 'Captions images, each in one sentence.' },
    paths: {
      '/caption': {
        post: {
          operationId: 'caption',
          summary: 'Captions one image.',
          description:
            'With "Accept: text/event-stream" the text is sent as it is generated: events "piece" with {"text"}, then "result" or "error".',
          parameters: Object.entries(CAPTION_PARAMETERS).map(([name, schema]) => ({ name, in: 'query', schema })),
          requestBody: {
            required: true,
            content: {
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  properties: {
                    image: { type: 'string', format: 'binary' },
                    ...(isUrlAllowed && { url }),
                    ...CAPTION_PARAMETERS,
                  },
                },
              },
              'application/json': {
                schema: { type: 'object', properties: { ...sources, options }, additionalProperties: false },
              },
              'image/*': { schema: { type: 'string', format: 'binary' } },
              'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
            },
          },
          responses: {
            200: {
              description: 'The caption.',
              content: { ...json(ref('Caption')), 'text/event-stream': { schema: { type: 'string' } } },
            },
            400: refused('The request or one of its options is wrong.'),
            403: refused('The server fetches no images from URLs.'),
            413: refused('The body has too many bytes, or the image too many pixels.'),
            415: refused('A body of this Content-Type is not read.'),
            422: refused('The image cannot be read or fetched.'),
            500: refused('The image could not be captioned.'),
            503: {
              ...refused('The server is busy, or shutting down.'),
              headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } },
            },
            504: refused('The request took too long.'),
          },
        },
      },
      '/models': {
        get: {
          operationId: 'models',
          summary: 'What is known of the model.',
          responses: { 200: { description: 'The model.', content: json({ type: 'object' }) } },
        },
      },
      '/healthz': { get: { summary: 'Whether the process lives.', responses: { 200: text('It lives.') } } },
      '/readyz': {
        get: {
          summary: 'Whether requests are taken.',
          responses: { 200: text('They are.'), 503: text('The server is shutting down.') },
        },
      },
      '/metrics': { get: { summary: 'Metrics for Prometheus.', responses: { 200: text('Metrics.') } } },
    },
    components: { schemas: SCHEMAS },
  };
}

const CAPTION = {
  text: { type: 'string' },
  score: { type: 'number', description: 'What the search ranks by; higher is better.' },
  logProb: { type: 'number', maximum: 0, description: 'Natural logarithm of its probability.' },
  confidence: { type: 'number', minimum: 0, maximum: 1, description: 'Estimated probability that it is right.' },
  assessment: { type: 'string', enum: ['confident', 'review', 'nothing-to-describe'] },
  finishReason: { type: 'string', enum: ['stop', 'length', 'stopping-criterion'] },
};

const SCHEMAS = {
  Caption: {
    type: 'object',
    required: ['model', 'text', 'score', 'logProb', 'finishReason', 'timing'],
    properties: {
      model: { type: 'string' },
      ...CAPTION,
      captions: {
        type: 'array',
        description: 'If more than one was asked for: all, best first.',
        items: { type: 'object', properties: CAPTION },
      },
      timing: {
        type: 'object',
        description: 'Milliseconds.',
        properties: Object.fromEntries(
          ['decodeMs', 'preprocessMs', 'encodeMs', 'searchMs', 'totalMs'].map((name) => [name, { type: 'number' }]),
        ),
      },
    },
  },
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};
