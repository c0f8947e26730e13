import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import { type Judgement, summariseJudgements } from '../../src/evaluation/index.js';
import { wilsonInterval } from '../../src/metrics/index.js';

const report = { systems: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] };
const judgements: Judgement[] = [
  { image: '1', verdicts: { a: 'true', b: 'slip' }, preferred: 'a' },
  { image: '2', verdicts: { a: 'true', b: 'wrong' }, preferred: null },
  { image: '3', verdicts: { a: 'wrong' } },
];

describe('summariseJudgements', () => {
  it('counts verdicts and preferences, with intervals', () => {
    const { judgements: count, ties, systems } = summariseJudgements(judgements, report);
    expect([count, ties]).toEqual([3, 1]);
    const [a, b, c] = systems;
    expect(a).toMatchObject({ name: 'a', judged: 3 });
    expect(a!.verdicts!.true).toEqual({ count: 2, rate: 2 / 3, ...wilsonInterval(2, 3) });
    expect(a!.preferred).toEqual({ count: 1, rate: 0.5, ...wilsonInterval(1, 2) });
    expect(b!.verdicts!.wrong.count).toBe(1);
    expect(c).toMatchObject({ judged: 0, verdicts: null });
  });

  it('has no preference if none was given', () => {
    expect(summariseJudgements([judgements[2]!], report).systems[0]!.preferred).toBeNull();
    expect(summariseJudgements([], report).systems[0]).toEqual({
      name: 'a',
      judged: 0,
      verdicts: null,
      preferred: null,
    });
  });

  it.each([
    [{ image: '1', verdicts: { d: 'true' } }, /"d" was judged, but the systems are a, b, c/],
    [{ image: '1', verdicts: {}, preferred: 'd' }, /"d" was judged/],
    [{ image: '1', verdicts: { a: 'good' } }, /a verdict must be true, slip, wrong, not "good"/],
  ])('refuses %j', (judgement, message) => {
    expect(() => summariseJudgements([judgement as Judgement], report)).toThrow(message);
    expect(() => summariseJudgements([judgement as Judgement], report)).toThrow(InvalidArgumentError);
  });
});
