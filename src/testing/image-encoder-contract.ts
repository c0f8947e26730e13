import { elementCount, type EncodedImage, type ImageEncoder, type Tensor } from '../core/index.js';
import { check, checkClose } from './assertions.js';
import { type ContractCase, contractCases, type ContractOptions } from './contract-case.js';

/** What the encoder suite needs. */
export interface ImageEncoderContractOptions extends ContractOptions<ImageEncoder> {
  /** Gives the pixel values of two different pictures, `[1, 3, height, width]` each. Called for every case. */
  pixelValues(): readonly [Tensor<'float32'>, Tensor<'float32'>];
  /** How far values may lie apart if the contract says they are the same, times `1 + magnitude`. Default 0.00001. */
  readonly tolerance?: number;
}

/** The checks of {@link ImageEncoder}'s contract. */
export function imageEncoderContract(options: ImageEncoderContractOptions): ContractCase[] {
  const { tolerance = 1e-5 } = options;
  const checkSame = (found: EncodedImage, expected: EncodedImage, what: string): void => {
    checkSameTensors(found, expected, tolerance, what);
  };
  return contractCases(options, {
    'gives tensors whose data fill their dimensions': async (encoder) => {
      const encoded = await encoder.encode(options.pixelValues()[0]);
      check(Object.keys(encoded).length > 0, 'The encoder gave no tensor.');
      for (const [name, { dims, data }] of Object.entries(encoded)) {
        check(data.length === elementCount(dims), `${name}: ${data.length} values for [${dims.join(', ')}].`);
      }
    },

    'the same pixels give the same result': async (encoder) => {
      const first = copyTensors(await encoder.encode(options.pixelValues()[0]));
      checkSame(await encoder.encode(options.pixelValues()[0]), first, 'The same pixels a second time');
    },

    'different pictures give different results': async (encoder) => {
      const [a, b] = options.pixelValues();
      const first = copyTensors(await encoder.encode(a));
      const second = await encoder.encode(b);
      const differ = Object.entries(first).some(([name, { data }]) => {
        const other = second[name]?.data;
        return other === undefined || [...data].some((value, index) => value !== other[index]);
      });
      check(differ, 'Two different pictures gave the same result.');
    },

    'a result is not written to by later calls': async (encoder) => {
      const [a, b] = options.pixelValues();
      const first = await encoder.encode(a);
      const before = copyTensors(first);
      await encoder.encode(b);
      checkSameTensors(first, before, 0, 'A result after another picture was encoded');
    },

    'the pixel values are left as they are': async (encoder) => {
      const [pixelValues] = options.pixelValues();
      const before = pixelValues.data.slice();
      await encoder.encode(pixelValues);
      checkClose(pixelValues.data, before, 0, 'The pixel values after encoding');
    },

    'calls may overlap': async (encoder) => {
      const [a, b] = options.pixelValues();
      const aloneA = copyTensors(await encoder.encode(a));
      const aloneB = copyTensors(await encoder.encode(b));
      const [first, second, third] = await Promise.all([encoder.encode(a), encoder.encode(b), encoder.encode(a)]);
      checkSame(first, aloneA, 'Overlapping call 0');
      checkSame(second, aloneB, 'Overlapping call 1');
      checkSame(third, aloneA, 'Overlapping call 2');
    },
  });
}

function checkSameTensors(found: EncodedImage, expected: EncodedImage, tolerance: number, what: string): void {
  const names = Object.keys(expected).sort().join(', ');
  const foundNames = Object.keys(found).sort().join(', ');
  check(foundNames === names, `${what}: tensors ${foundNames} instead of ${names}.`);
  for (const [name, { dims, data }] of Object.entries(expected)) {
    const tensor = found[name] as Tensor;
    check(
      tensor.dims.join() === dims.join(),
      `${what}: ${name} is [${tensor.dims.join()}] instead of [${dims.join()}].`,
    );
    checkClose(Array.from(tensor.data, Number), Array.from(data, Number), tolerance, `${what}: ${name}`);
  }
}

function copyTensors(tensors: EncodedImage): EncodedImage {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
  );
}
